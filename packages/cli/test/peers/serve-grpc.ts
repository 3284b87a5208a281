import type { ServerDuplexStream, ServerWritableStream } from '@grpc/grpc-js';
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import { type Message, PEER_SERVICE } from './grpc-service.ts';

/** gRPC without TLS: says back what it gets, with the version. */
export const serveGrpc = (port: number, version: string): void => {
  const server = new Server();
  server.addService(PEER_SERVICE, {
    say: ({ request }: ServerUnaryCall<Message, Message>, answer: sendUnaryData<Message>) =>
      answer(null, { text: request.text, version }),
    repeat: (call: ServerWritableStream<Message, Message>) => {
      for (let time = 0; time < 3; time += 1) call.write({ text: call.request.text, version });
      call.end();
    },
    talk: (call: ServerDuplexStream<Message, Message>) => {
      call.on('data', ({ text }: Message) => call.write({ text, version }));
      call.on('end', () => call.end());
      call.on('error', () => {});
    },
  });
  server.bindAsync(`0.0.0.0:${port}`, ServerCredentials.createInsecure(), (error) => {
    if (error) throw error;
  });
};
