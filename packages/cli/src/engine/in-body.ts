/**
 * Options of dockerode that go into the body and not into the query. dockerode itself sends them in both: secrets would
 * be in the URL, where proxies and the engine log them. Its types do not know `_query` and `_body`.
 */
export const inBody = <Options extends object>(body: Options): Options =>
  ({ _query: {}, _body: body }) as unknown as Options;
