/** TLS without certificates: both sides know a key. */
export const PSK = { ciphers: 'PSK', minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;
export const PSK_KEY = Buffer.from('peers of a test');
