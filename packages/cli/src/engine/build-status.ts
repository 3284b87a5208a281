import protobuf from 'protobufjs/light.js';

/** The messages of BuildKit during a build. Steps of the Dockerfile are vertexes whose name starts with `[2/5] `. */
export interface BuildStatus {
  readonly vertexes: readonly BuildVertex[];
  readonly logs: readonly { readonly vertex: string; readonly msg: Buffer }[];
}

export interface BuildVertex {
  readonly digest: string;
  readonly name: string;
  readonly cached: boolean;
  readonly started?: object;
  readonly completed?: object;
  readonly error: string;
}

/** The fields of `StatusResponse` that lobbie reads. Source: moby/buildkit, api/services/control/control.proto. */
const StatusResponse = protobuf.Root.fromJSON({
  nested: {
    StatusResponse: {
      fields: {
        vertexes: { rule: 'repeated', type: 'Vertex', id: 1 },
        logs: { rule: 'repeated', type: 'VertexLog', id: 3 },
      },
    },
    Vertex: {
      fields: {
        digest: { type: 'string', id: 1 },
        name: { type: 'string', id: 3 },
        cached: { type: 'bool', id: 4 },
        started: { type: 'Timestamp', id: 5 },
        completed: { type: 'Timestamp', id: 6 },
        error: { type: 'string', id: 7 },
      },
    },
    VertexLog: { fields: { vertex: { type: 'string', id: 1 }, msg: { type: 'bytes', id: 4 } } },
    Timestamp: { fields: { seconds: { type: 'int64', id: 1 }, nanos: { type: 'int32', id: 2 } } },
  },
}).lookupType('StatusResponse');

/** Decodes the `aux` of a `moby.buildkit.trace` line: a StatusResponse in base64. */
export function decodeBuildStatus(aux: string): BuildStatus {
  // The shape follows the descriptor above; protobufjs types its messages as plain objects.
  return StatusResponse.decode(Buffer.from(aux, 'base64')) as unknown as BuildStatus;
}
