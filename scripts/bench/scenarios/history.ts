import { besideComposePs } from '../beside-compose-ps.ts';

/** `lobbie history` of a running project. */
export const history = besideComposePs({
  name: 'history',
  title: '`lobbie history`',
  bars: [],
  command: ({ lobbie }) => ['history', '-p', lobbie.name],
});
