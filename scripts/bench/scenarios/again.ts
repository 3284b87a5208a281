import { besideComposePs, COMPOSE_PS } from '../beside-compose-ps.ts';
import { timed } from '../timed.ts';

/** A deploy that has nothing to do. */
export const again = besideComposePs({
  name: 'again',
  title: 'deploy again, nothing changed',
  bars: [{ against: COMPOSE_PS, limit: 1.5, sizes: [1, 50] }],
  command: ({ lobbie }) => ['deploy', ...lobbie.argv],
  more: (compose, twins) => [timed('compose up', () => compose.run(...twins.compose.argv, 'up', '--detach'))],
});
