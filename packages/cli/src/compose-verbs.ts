/** Commands of docker compose that have another name in lobbie. */
const COMPOSE_VERBS: ReadonlyMap<string, string> = new Map([
  ['up', 'lobbie deploy'],
  ['create', 'lobbie deploy'],
  ['start', 'lobbie deploy'],
  ['build', 'lobbie deploy --build'],
  ['pull', 'lobbie deploy --pull'],
  ['restart', 'lobbie recreate'],
  ['ps', 'lobbie status'],
  ['stats', 'lobbie status'],
  ['top', 'lobbie status'],
  ['rm', 'lobbie down'],
  ['convert', 'lobbie config'],
]);

/** The usage error for a command of docker compose, with the command to use; undefined for any other word. */
export function suggestFor(command: string | undefined): string | undefined {
  const instead = COMPOSE_VERBS.get(command ?? '');
  return instead && `error: unknown command '${command}'\n(Instead of \`docker compose ${command}\`, use: ${instead})`;
}
