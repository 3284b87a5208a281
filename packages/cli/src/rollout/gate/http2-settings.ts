/** Type and flags of the frame, and stream 0 (RFC 9113, 4.1 and 6.5); its length comes before. */
const SETTINGS = Buffer.from([4, 0, 0, 0, 0, 0]);
const LENGTH_BYTES = 3;

/**
 * Whether a server's first bytes are the SETTINGS frame with which HTTP/2 begins (RFC 9113, 3.4). Clients do not wait for
 * it. Undefined while there are too few bytes to tell.
 */
export const isHttp2Settings = (bytes: Buffer): boolean | undefined => {
  // No server has settings for 64 KiB.
  if (bytes.length > 0 && bytes[0] !== 0) return false;
  const told = bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + SETTINGS.length);
  if (!told.equals(SETTINGS.subarray(0, told.length))) return false;
  return told.length < SETTINGS.length ? undefined : bytes.readUIntBE(0, LENGTH_BYTES) % 6 === 0;
};
