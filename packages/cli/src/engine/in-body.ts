/**
 * Options of dockerode that are sent in the body and not in the query. By default dockerode sends them in both, so
 * secrets would be in the URL, which proxies and the engine log. The types of dockerode leave out `_query` and `_body`.
 */
export const inBody = <Options extends object>(body: Options): Options =>
  ({ _query: {}, _body: body }) as unknown as Options;
