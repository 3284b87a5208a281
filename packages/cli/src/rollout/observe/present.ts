/** Those of these networks or volumes that are there, by name. */
export async function present<Found>(
  wanted: readonly { readonly name: string }[],
  inspect: (name: string) => Promise<Found | undefined>,
): Promise<Map<string, Found>> {
  const found = await Promise.all(wanted.map(async ({ name }) => [name, await inspect(name)] as const));
  return new Map(found.flatMap(([name, one]) => (one === undefined ? [] : [[name, one]])));
}
