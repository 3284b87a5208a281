/** The most replicas that a service may have. A larger number is a typing mistake. */
export const MOST_REPLICAS = 500;
