import { errorMonitor } from 'node:events';
import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HearCall, OpenCall } from '../model/engine-call.ts';
import { maskQuery } from './mask-query.ts';

/**
 * The method through which Node hands a request to an agent. Its types leave this method out; agents on npm rely on it.
 */
interface Adding {
  addRequest(request: ClientRequest, ...rest: unknown[]): void;
}

/** Paths whose answers stay open. A request that takes over the connection counts as well. */
const STREAM = /\/(?:events|wait|build|images\/create|exec\/[^/]+\/start)(?:$|\?)|[?&]follow=(?:1|true)(?:$|&)/;

/** Returns the same agent, which now calls `hear` for each request. Does not change any request or answer. */
export function hearCalls<Kind extends Agent>(agent: Kind, hear: HearCall): Kind {
  const adding = agent as unknown as Adding;
  const addRequest = adding.addRequest.bind(agent);
  adding.addRequest = (request, ...rest) => {
    follow(request, STREAM.test(request.path), hear(request.method, maskQuery(request.path)));
    addRequest(request, ...rest);
  };
  return agent;
}

function follow(request: ClientRequest, isStream: boolean, call: OpenCall): void {
  let failure: string | undefined;
  let isAnswered = false;
  // A monitor does not count as a listener, so an unhandled failure stays unhandled.
  request.once(errorMonitor, (error: NodeJS.ErrnoException) => {
    failure = error.code ?? error.message;
  });
  const answered = ({ statusCode = 0 }: IncomingMessage, stream: IncomingMessage | Duplex, stays: boolean): void => {
    isAnswered = true;
    call.answered(statusCode, stays);
    // The engine cuts the answer off, or lobbie stops reading it.
    stream.once(errorMonitor, (error: NodeJS.ErrnoException) => {
      failure = error.code ?? error.message;
    });
    stream.once('close', () => call.ended(failure));
  };
  request.once('close', () => {
    if (!isAnswered) call.ended(failure ?? 'no answer');
  });
  // By now the caller has its own listeners. Without one, another listener would change what Node does.
  request.once('socket', () => {
    if (request.listenerCount('response') > 0)
      request.prependOnceListener('response', (answer) => answered(answer, answer, isStream));
    if (request.listenerCount('upgrade') > 0)
      request.prependOnceListener('upgrade', (answer, socket) => answered(answer, socket, true));
  });
}
