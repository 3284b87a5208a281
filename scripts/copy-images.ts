import { text } from 'node:stream/consumers';
import { requestEngine } from './engine-request.ts';

/** Copies images from one engine to another, under the same names. */
export async function copyImages(from: string, to: string, images: readonly string[]): Promise<void> {
  const names = images.map((image) => `names=${encodeURIComponent(image)}`).join('&');
  const body = await requestEngine(from, { path: `/images/get?${names}` });
  if (body.statusCode !== 200) throw new Error(`images were not saved: ${await text(body)}`);
  const headers = { 'content-type': 'application/x-tar' };
  const loaded = await requestEngine(to, { method: 'POST', path: '/images/load?quiet=1', headers, body });
  const words = await text(loaded);
  if (loaded.statusCode !== 200 || words.includes('errorDetail')) throw new Error(`images were not loaded: ${words}`);
}
