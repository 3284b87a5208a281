/** Clients of all kinds, few enough to leave two cores room for what is tested. */
export const FEW_CLIENTS = { keepAlive: 12, fresh: 8, connectionClose: 12, posts: 0.2, pauseMs: 40 };
