import { claimFile } from '../../src/lobbie/claim-file.ts';

// One of many processes that all want the same name first: `race-entry.ts <history> <files> <own>`, go on stdin.
const [historyDirectory = '', fileDirectory = '', own = ''] = process.argv.slice(2);
const wanted = ['include-me-first.txt', 'include-me-second.txt', `include-me-${own}.txt`];

process.stdout.write('ready\n');
process.stdin.once('data', async () => {
  const makeName = () => wanted.shift() ?? 'include-me-none.txt';
  const name = await claimFile({
    historyDirectory,
    fileDirectory,
    container: null,
    host: own,
    makeName,
    now: () => new Date(),
  });
  process.stdout.write(`${name}\n`);
  process.exit(0);
});
