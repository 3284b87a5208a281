import { describe, expect, it } from 'vitest';
import { loadFrom, problemLines } from '../load-from.ts';

const compose = '/app/compose.yaml';
const base = { '/app/base.yaml': 'services: {b: {image: x, labels: {dev.lobbie.role: keeper}}}' };
const blockers = async (files: Parameters<typeof loadFrom>[0], env: Record<string, string> = {}): Promise<string[]> => {
  const { problems, blockers: found } = await loadFrom(files, { env });
  expect(problemLines({ problems })).toEqual([]);
  return found.map(({ path }) => path);
};

describe('what only lobbie may set is found however it comes into the file:', () => {
  it.each([
    ['extends', { [compose]: 'services: {a: {extends: {file: base.yaml, service: b}}}', ...base }],
    [
      'label_file',
      { [compose]: 'services: {a: {image: x, label_file: l.env}}', '/app/l.env': 'dev.lobbie.role=keeper' },
    ],
    ['a list', { [compose]: 'services: {a: {image: x, labels: [dev.lobbie.role=keeper]}}' }],
    ['a merge key', { [compose]: 'x-l: &l {labels: {dev.lobbie.role: keeper}}\nservices: {a: {<<: *l, image: x}}' }],
  ])('labels by %s', async (_, files) => {
    expect(await blockers(files)).toEqual(['services.a.labels.dev.lobbie.role']);
  });

  it('a name from a variable', async () => {
    const text = [
      'services: {a: {image: "$I", container_name: "$C", volumes: ["vol:/v"]}}',
      'volumes: {vol: {name: "$V", external: true}}',
    ].join('\n');
    const env = { I: 'lobbie-keeper:empty', C: 'q-lobbie-lease', V: 'q_lobbie-ledger' };
    expect(await blockers(text, env)).toEqual(['services.a.image', 'services.a.container_name', 'volumes.vol']);
  });

  it('the default name of a volume or an image', async () => {
    expect(
      await blockers('name: p\nservices: {a: {image: x, volumes: ["lobbie-ledger:/v"]}}\nvolumes: {lobbie-ledger: }'),
    ).toEqual(['volumes.lobbie-ledger']);
    expect(await blockers('name: lobbie\nservices: {keeper: {build: {context: .}}}')).toEqual([
      'services.keeper.image',
    ]);
  });
});
