import { connect as connectTls } from 'node:tls';
import { type Address, type Conversation, converse, converseOver } from './conversation.ts';
import { TLS_CLIENT } from './http-clients.ts';
import type { OpenPeer } from './peer-client.ts';

/** The client speaks first. */
export const lines: OpenPeer = inLines(converse, async (talk) => {
  talk.say('PING\r\n');
  await talk.hear(/^\+PONG\r\n/);
});

/** The server speaks first. */
export const greeted = (banner: RegExp): OpenPeer =>
  inLines(converse, async (talk) => {
    await talk.hear(banner);
  });

export const postgres: OpenPeer = inLines(converse, async (talk) => {
  const asked = Buffer.alloc(8);
  asked.writeInt32BE(8, 0);
  asked.writeInt32BE(80_877_103, 4);
  talk.say(asked);
  await talk.hear(/^N/);
});

export const tls: OpenPeer = inLines(
  ({ host, port }) => converseOver(connectTls({ host, port, ...TLS_CLIENT })),
  async (talk) => {
    talk.say('PING\r\n');
    await talk.hear(/^\+PONG\r\n/);
  },
);

/** A connection for each exchange: three lines after its beginning, and a farewell. */
function inLines(open: (address: Address) => Conversation, begin: (talk: Conversation) => Promise<void>): OpenPeer {
  return (address) => ({
    exchange: async () => {
      const talk = open(address);
      try {
        await begin(talk);
        let version = '';
        for (const word of ['one', 'two', 'three']) {
          talk.say(`${word}\r\n`);
          [, version = ''] = new RegExp(`^\\+(\\S+) ${word}\r\n$`).exec(await talk.hear(/^[^\n]*\n/)) ?? [];
          if (version === '') throw new Error(`no answer to ${word}`);
        }
        talk.say('QUIT\r\n');
        await talk.hear(/^\+OK\r\n/);
        return version;
      } finally {
        talk.close();
      }
    },
    close: () => {},
  });
}
