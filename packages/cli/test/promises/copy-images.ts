import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** Copies images from one engine to another, both on unix sockets; ids and tags stay what they are. */
export async function copyImages(from: string, to: string, images: readonly string[]): Promise<void> {
  const names = images.map((image) => `names=${encodeURIComponent(image)}`).join('&');
  const saved = await call(from, 'GET', `/images/get?${names}`);
  const loaded = await call(to, 'POST', '/images/load?quiet=1', saved);
  const words = await text(loaded);
  if (loaded.statusCode !== 200 || words.includes('errorDetail')) throw new Error(`images were not copied: ${words}`);
}

const call = (host: string, method: string, path: string, body?: IncomingMessage): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const headers = body && { 'content-type': 'application/x-tar' };
    const asking = request({ socketPath: new URL(host).pathname, method, path, headers }, resolve);
    asking.on('error', reject);
    if (body) body.pipe(asking);
    else asking.end();
  });
