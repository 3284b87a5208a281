import { Client, credentials } from '@grpc/grpc-js';
import { type Message, PEER_SERVICE } from './grpc-service.ts';
import type { OpenPeer } from './peer-client.ts';

/** One call and one answer, over a channel that is kept. */
export const grpcUnary: OpenPeer = ({ host, port }) => {
  const client = new Client(`${host}:${port}`, credentials.createInsecure());
  const { path, requestSerialize, responseDeserialize } = PEER_SERVICE.say;
  return {
    exchange: () =>
      new Promise((resolve, reject) => {
        client.makeUnaryRequest(path, requestSerialize, responseDeserialize, { text: 'one' }, (error, answer) =>
          error ? reject(error) : resolve(versionOf(answer, 'one')),
        );
      }),
    close: () => client.close(),
  };
};

/** Three answers to one call. */
export const grpcStream: OpenPeer = ({ host, port }) => {
  const client = new Client(`${host}:${port}`, credentials.createInsecure());
  const { path, requestSerialize, responseDeserialize } = PEER_SERVICE.repeat;
  return {
    exchange: async () => {
      const call = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, { text: 'two' });
      const versions: string[] = [];
      for await (const message of call) versions.push(versionOf(message as Message, 'two'));
      if (versions.length !== 3) throw new Error(`${versions.length} messages instead of 3`);
      return versions.at(-1) ?? '';
    },
    close: () => client.close(),
  };
};

/** Both sides send, in turns. */
export const grpcTalk: OpenPeer = ({ host, port }) => {
  const client = new Client(`${host}:${port}`, credentials.createInsecure());
  const { path, requestSerialize, responseDeserialize } = PEER_SERVICE.talk;
  return {
    exchange: async () => {
      const call = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
      const words = ['one', 'two', 'three'];
      let version = '';
      call.write({ text: words[0] ?? '' });
      for await (const message of call) {
        version = versionOf(message as Message, words.shift() ?? '');
        const [next] = words;
        if (next === undefined) call.end();
        else call.write({ text: next });
      }
      if (words.length > 0) throw new Error(`no answer to ${words[0]}`);
      return version;
    },
    close: () => client.close(),
  };
};

const versionOf = (answer: Message | undefined, text: string): string => {
  if (answer?.text !== text || answer.version === undefined) throw new Error(`${JSON.stringify(answer)} to ${text}`);
  return answer.version;
};
