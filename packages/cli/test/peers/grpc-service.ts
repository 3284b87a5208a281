const json = {
  serialize: (value: Message): Buffer => Buffer.from(JSON.stringify(value)),
  // The cast: both ends are in this folder.
  deserialize: (bytes: Buffer): Message => JSON.parse(bytes.toString()) as Message,
};

/** What is sent in either direction. */
export interface Message {
  readonly text: string;
  readonly version?: string;
}

const method = (path: string, requestStream: boolean, responseStream: boolean) => ({
  path: `/peers.Peer/${path}`,
  requestStream,
  responseStream,
  requestSerialize: json.serialize,
  requestDeserialize: json.deserialize,
  responseSerialize: json.serialize,
  responseDeserialize: json.deserialize,
});

/** A gRPC service without a .proto file: one call of each kind, whose messages are JSON. */
export const PEER_SERVICE = {
  say: method('Say', false, false),
  /** The text, three times. */
  repeat: method('Repeat', false, true),
  talk: method('Talk', true, true),
};
