/** How many replicas a service may have. More on one engine is a typing mistake. */
export const MOST_REPLICAS = 500;
