const uint16 = (value: number): number[] => [value >> 8, value & 0xff];
const sized = (content: readonly number[]): number[] => [...uint16(content.length), ...content];
const extension = (kind: number, content: readonly number[]): number[] => [...uint16(kind), ...sized(content)];

// ECDHE and RSA with AES, as servers of the last fifteen years have them.
const CIPHERS = [0xc02b, 0xc02f, 0xc02c, 0xc030, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035];
const GROUPS = [0x001d, 0x0017, 0x0018];
const SIGNATURES = [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601];
const LINE_FEED = 0x0a;

const HELLO = [
  ...uint16(0x0303),
  // The random number: nothing is encrypted with it, and who reads lines finds their ends.
  ...Array<number>(32).fill(LINE_FEED),
  0,
  ...sized(CIPHERS.flatMap(uint16)),
  ...[1, 0],
  ...sized([
    ...extension(0x000a, sized(GROUPS.flatMap(uint16))),
    ...extension(0x000b, [1, 0]),
    ...extension(0x000d, sized(SIGNATURES.flatMap(uint16))),
  ]),
];

const ALERT = 21;
const HANDSHAKE = 22;

/** A TLS 1.2 ClientHello (RFC 5246, 7.4.1.2), enough for a TLS server to answer with its ServerHello or an alert. */
export const CLIENT_HELLO: Buffer = Buffer.from([HANDSHAKE, 3, 1, ...sized([1, 0, ...sized(HELLO)])]);

/** Whether an answer begins as a TLS record (RFC 5246, 6.2.1) with a ServerHello or an alert does. */
export const isTlsAnswer = (answer: Buffer): boolean =>
  (answer[0] === ALERT || answer[0] === HANDSHAKE) && answer[1] === 3;
