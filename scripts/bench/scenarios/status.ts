import { besideComposePs, COMPOSE_PS } from '../beside-compose-ps.ts';

/** `lobbie status` of a running project. */
export const status = besideComposePs({
  name: 'status',
  title: '`lobbie status`',
  bars: [
    { against: COMPOSE_PS, limit: 2, sizes: [1] },
    { against: COMPOSE_PS, limit: 3, sizes: [50] },
  ],
  command: ({ lobbie }) => ['status', '-p', lobbie.name],
});
