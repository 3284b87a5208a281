import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { CommandContext } from '../../src/commands/context.ts';
import { loadIngressImage, saveIngressImage, showIngressImage } from '../../src/commands/ingress-image.ts';
import { loadedIngressImage } from '../../src/rollout/images/ensure-ingress-image.ts';
import { temporaryDirectory } from '../cli/temporary-directory.ts';
import { describeEngine } from '../engine-available.ts';
import { testContext } from '../rollout/test-context.ts';

describeEngine('ingress-image', (engine) => {
  /** A lobbie whose Dockerfile is like no other's: nobody else on this engine takes what it loads. */
  const place = () => {
    const home = temporaryDirectory();
    const base = testContext(engine);
    const { context: assets, args } = base.ingressBuild;
    const text = readFileSync(join(assets, 'Dockerfile.ingress'), 'utf8');
    // What is saved here is no part of what the image is built from.
    const [build, path] = [join(home.path, 'build'), join(home.path, 'here')];
    for (const directory of [build, path]) mkdirSync(directory);
    writeFileSync(join(build, 'Dockerfile'), `${text}LABEL test=${randomBytes(6).toString('hex')}\n`);
    const context: CommandContext = {
      ...base,
      ingressBuild: { context: build, dockerfile: 'Dockerfile', args },
      projectName: '',
      cwd: path,
      host: 'test',
      homeDirectory: home.path,
      settings: { nodeImage: '', port: 0 },
      confirm: undefined,
    };
    return {
      path,
      context,
      async [Symbol.asyncDispose]() {
        for (;;) {
          const shown = await showIngressImage(context);
          if (shown.outcome !== 'present') break;
          await engine.removeImage(shown.image);
        }
        home[Symbol.dispose]();
      },
    };
  };

  it('saves the image, built first, and loads it where it is not; what is loaded is what runs', async () => {
    await using here = place();
    const { context, path } = here;
    const loaded = await loadedIngressImage(context.ingressBuild);
    const { image } = (await saveIngressImage(context, 'ingress.tar')) as { image: string };
    expect(readdirSync(path).toSorted()).toEqual(['ingress.tar']);
    // Where it was saved, the built one goes on being used.
    expect(await showIngressImage(context)).toMatchObject({ outcome: 'present', image });
    expect(await engine.inspectImage(loaded)).toBeUndefined();

    await engine.removeImage(image);
    expect(await showIngressImage(context)).toMatchObject({ outcome: 'missing', image });
    expect(await loadIngressImage(context, 'ingress.tar')).toEqual({
      type: 'ingress-image',
      outcome: 'loaded',
      image: loaded,
      file: join(path, 'ingress.tar'),
    });
    expect(await showIngressImage(context)).toMatchObject({ outcome: 'present', image: loaded });
    // What was loaded can be carried on, and loaded again.
    await saveIngressImage(context, 'again.tar');
    expect(await loadIngressImage(context, 'again.tar')).toMatchObject({ outcome: 'loaded' });
    expect(await showIngressImage(context)).toMatchObject({ outcome: 'present', image: loaded });
  });

  it('refuses what another lobbie saved, and what is damaged; the engine stays as it was', async () => {
    await using here = place();
    await using other = place();
    await saveIngressImage(here.context, 'ingress.tar');
    const file = join(here.path, 'ingress.tar');
    copyFileSync(file, join(other.path, 'ingress.tar'));
    await expect(loadIngressImage(other.context, 'ingress.tar')).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(
        /is from another version of lobbie: it contains lobbie-ingress:loaded-\w+, and this version/,
      ),
    });

    const bytes = readFileSync(file);
    // So begins the configuration of every image.
    for (let at = bytes.indexOf('{"architecture"'); at >= 0; at = bytes.indexOf('{"architecture"', at + 1))
      bytes.write('!', at);
    writeFileSync(join(here.path, 'damaged.tar'), bytes);
    const loaded = await loadedIngressImage(here.context.ingressBuild);
    await expect(loadIngressImage(here.context, 'damaged.tar')).rejects.toMatchObject({
      code: 'IMAGE_LOAD_FAILED',
      message: expect.stringMatching(/damaged\.tar is damaged\. The engine cannot load the image: /),
    });
    expect(await engine.inspectImage(loaded)).toBeUndefined();
  });

  it('leaves no half of a file where it cannot write, and says why', async () => {
    await using here = place();
    await expect(saveIngressImage(here.context, 'none/ingress.tar')).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/^Could not write .*none\/ingress\.tar: /),
    });
    expect(existsSync(join(here.path, 'none'))).toBe(false);
    expect(await engine.inspectImage(await loadedIngressImage(here.context.ingressBuild))).toBeUndefined();
  });
});
