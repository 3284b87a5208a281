/** An address of a receipt as one that HTTP is spoken at: it has no scheme before lobbie has seen what is spoken there. */
export const webUrl = (address = ''): string => (/^\w+:\/\//.test(address) ? address : `http://${address}`);
