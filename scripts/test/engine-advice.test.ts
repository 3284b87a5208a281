import { describe, expect, it } from 'vitest';
import { engineAdvice, type MachineFacts } from '../engine-advice.ts';

const linux: MachineFacts = { platform: 'linux', isRoot: false, hasApt: true, denied: false };

describe('engineAdvice', () => {
  it.each<[string, MachineFacts, RegExp]>([
    ['macOS', { ...linux, platform: 'darwin', hasApt: false }, /brew install --cask docker/],
    ['Windows', { ...linux, platform: 'win32', hasApt: false }, /winget install Docker\.DockerDesktop/],
    ['another system', { ...linux, platform: 'freebsd', hasApt: false }, /DOCKER_HOST=ssh:/],
    ['Debian without root', linux, /sudo apt-get install docker\.io .* run this as root/],
    ['a Linux without apt and root', { ...linux, hasApt: false }, /sudo systemctl start docker/],
    ['a Linux without apt, as root', { ...linux, hasApt: false, isRoot: true }, /`dockerd` is on the PATH/],
    ['a socket that this user may not use', { ...linux, denied: true }, /usermod -aG docker/],
  ])('tells %s the next command, in one sentence', (_, facts, expected) => {
    const advice = engineAdvice(facts);
    expect(advice).toMatch(expected);
    expect(advice.replaceAll(/`[^`]*`/g, '')).not.toMatch(/\. /);
  });
});
