/**
 * Splits the engine's multiplexed stream: frames of an 8-byte header (stream, 0, 0, 0, length as big-endian uint32) and
 * that many bytes. Payloads are passed on as they arrive, without copying, even if a frame is not complete. Source:
 * "Stream format" of ContainerAttach in the Engine API.
 */
export function demultiplexer(
  onPayload: (stream: 'stdout' | 'stderr', payload: Buffer) => void,
): (chunk: Buffer) => void {
  const header = Buffer.alloc(8);
  let headerBytes = 0;
  let remaining = 0;

  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (remaining === 0) {
        const taken = chunk.copy(header, headerBytes, at, at + 8 - headerBytes);
        headerBytes += taken;
        at += taken;
        if (headerBytes < 8) return;
        headerBytes = 0;
        remaining = header.readUInt32BE(4);
        continue;
      }
      const payload = chunk.subarray(at, at + remaining);
      at += payload.length;
      remaining -= payload.length;
      onPayload(header[0] === 2 ? 'stderr' : 'stdout', payload);
    }
  };
}
