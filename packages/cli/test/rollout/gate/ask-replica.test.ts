import { describe, expect, it } from 'vitest';
import { realClock } from '../../../src/real-clock.ts';
import { askReplica } from '../../../src/rollout/gate/ask-replica.ts';
import { httpAnswer, scriptedEngine } from '../scripted-engine.ts';

/** What a replica reports that answers so. */
async function reported(answer: string | undefined): Promise<unknown> {
  const engine = scriptedEngine();
  engine.answerOf = () => answer;
  await engine.createNetwork({ name: 'p_default', labels: {} });
  const networks = [{ name: 'p_default', aliases: [] }];
  for (const name of ['in', 'c'])
    await engine.startContainer(await engine.createContainer({ name, image: 'app:1', labels: {}, networks }));
  const address = (await engine.inspectContainer('c'))?.addresses.p_default ?? '';
  return askReplica(
    { engine, clock: realClock },
    { address, port: 3000, near: async () => false, via: async () => 'in' },
    '/version',
  );
}

describe('askReplica', () => {
  it.each([
    ['the file of JSON with one', '{"file":"include-me-1.txt"}', { file: 'include-me-1.txt' }],
    ['text', '1.2.3\n', { answer: '1.2.3' }],
    ['the first line of text', '\n  v7 (main)\nbuilt today\n', { answer: 'v7 (main)' }],
    ['JSON without a file', '{\n "version": 7\n}', { answer: '{"version":7}' }],
    ['text in JSON', '"1.2.3"', { answer: '1.2.3' }],
    ['a file that is none', '{"file":7}', { answer: '{"file":7}' }],
    ['what has controls in it', '1.2\u001b[31m\u0007', { answer: '1.2 [31m' }],
  ])('gives %s', async (_, body, expected) => expect(await reported(httpAnswer(body))).toEqual(expected));

  it.each([
    ['gives an empty answer', httpAnswer('\n')],
    ['answers with status 404', httpAnswer('no').replace('200 OK', '404 Not Found')],
    ['does not speak HTTP on port 3000', 'SSH-2.0-x\r\n'],
  ])('says in plain words of one that %s', async (words, answer) => {
    await expect(reported(answer)).rejects.toThrow(new Error(words));
  });
});
