// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Dockerfiles substitute with the same signs.
import { describe, expect, it } from 'vitest';
import { baseImages } from '../../../src/rollout/images/base-images.ts';

const images = (text: string, args: Record<string, string> = {}, target?: string): readonly string[] =>
  baseImages(text, args, target);

describe('base images of a Dockerfile', () => {
  it('are those of FROM, without stages and scratch', () => {
    const text = 'FROM golang:1.22 AS build\nRUN go build\nFROM scratch AS empty\nFROM build\nCOPY --from=empty / /\n';
    expect(images(text)).toEqual(['golang:1.22']);
  });

  it('have args filled in: given before default, defaults from args before them', () => {
    const text =
      'ARG OS=debian\nARG IMAGE=${OS}:trixie\nARG VERSION\nFROM $IMAGE AS a\nFROM node:${VERSION:-24}\nCOPY --from=a / /\n';
    expect(images(text)).toEqual(['debian:trixie', 'node:24']);
    expect(images(text, { OS: 'ubuntu', VERSION: '22' })).toEqual(['ubuntu:trixie', 'node:22']);
    expect(images(text, { IMAGE: 'mine:1' })).toEqual(['mine:1', 'node:24']);
  });

  it('know the forms of substitution', () => {
    expect(images('ARG A=x\nFROM i:${A:+set}')).toEqual(['i:set']);
    expect(images('ARG A=\nFROM i:${A:-empty}')).toEqual(['i:empty']);
    expect(images('ARG A=\nFROM i${A-unset}')).toEqual(['i']);
    expect(images('FROM i:${B-unset}')).toEqual(['i:unset']);
    expect(images('ARG Q="quoted:1"\nFROM "$Q"')).toEqual(['quoted:1']);
    expect(images('ARG A=\nFROM i${A:+set}')).toEqual(['i']);
    expect(images('ARG A=\nFROM i:${A+set}')).toEqual(['i:set']);
    expect(images('FROM i${B:+set}')).toEqual(['i']);
    expect(images('ARG A=x\nFROM i:${A:?needed}')).toEqual(['i:x']);
    expect(images('FROM i:${B:?needed}')).toEqual([]);
  });

  it('know forms within forms, and need no value in the one that does not count', () => {
    expect(images('ARG A=x\nARG B=y\nFROM i:${A:+${B}}')).toEqual(['i:y']);
    expect(images('ARG B=y\nFROM i:${A:-${B:+${B}z}}-1')).toEqual(['i:yz-1']);
    expect(images('ARG A=x\nFROM i:${A:-${B}}')).toEqual(['i:x']);
    expect(images('FROM i:${A:-${B}}')).toEqual([]);
    const deep = 100_000;
    expect(images(`FROM i:${'${A:-'.repeat(deep)}x${'}'.repeat(deep)}`)).toEqual([]);
  });

  it('leave out what is not closed, or uses a form that is not known', () => {
    expect(images('ARG A=x\nFROM i:${A')).toEqual([]);
    expect(images('ARG A=x\nFROM i:${A#x}')).toEqual([]);
    expect(images(`ARG A=x\nFROM i:${'${'.repeat(100_000)}`)).toEqual([]);
  });

  it('know several args in one line, and what is given for one whose default has no value', () => {
    expect(images('ARG A=x B="y"\nFROM $A:$B')).toEqual(['x:y']);
    expect(images('ARG A B\nFROM $A:$B', { A: 'x', B: 'y' })).toEqual(['x:y']);
    expect(images('ARG A=$MISSING\nFROM $A', { A: 'x:1' })).toEqual(['x:1']);
  });

  it('leave out what depends on an arg without a value', () => {
    expect(images('ARG NODE_IMAGE\nFROM $NODE_IMAGE')).toEqual([]);
    expect(images('ARG NODE_IMAGE\nFROM $NODE_IMAGE', { NODE_IMAGE: 'node:24' })).toEqual(['node:24']);
  });

  it('include those of COPY --from, RUN --mount and the syntax line', () => {
    const text = [
      '# syntax=docker/dockerfile:1.7',
      'FROM --platform=$BUILDPLATFORM debian:trixie AS base',
      'COPY --from=busybox:1 --chown=1:1 /bin/busybox /bin/',
      'RUN --mount=type=cache,target=/c --mount=type=bind,from=alpine:3,target=/a true',
      'FROM scratch',
      'COPY --from=base /a /b',
      'COPY --from=0 /a /b',
    ].join('\n');
    expect(images(text)).toEqual(['docker/dockerfile:1.7', 'debian:trixie', 'busybox:1', 'alpine:3']);
  });

  it('are each given once, digests and registries as they are', () => {
    const digest = `registry.example:5000/a/b@sha256:${'0'.repeat(64)}`;
    expect(images(`FROM ${digest} AS a\nFROM ${digest}\nCOPY --from=a / /\n`)).toEqual([digest]);
  });

  it('are only those that the target needs', () => {
    const text = 'FROM one AS a\nFROM two AS b\nFROM three AS c\nCOPY --from=a / /\nFROM four\n';
    expect(images(text, {}, 'c')).toEqual(['one', 'three']);
    expect(images(text, {}, 'B')).toEqual(['two']);
    expect(images(text)).toEqual(['four']);
    expect(images(text, {}, 'missing')).toEqual(['one', 'two', 'three', 'four']);
  });

  it('are not read from here-documents, comments and continued lines', () => {
    const text = 'FROM a\nRUN <<EOF\nFROM b\nEOF\n# FROM c\nRUN echo \\\nFROM d\n';
    expect(images(text)).toEqual(['a']);
  });

  it('take a stage that is named like an image as the stage', () => {
    expect(images('FROM debian AS debian\nFROM debian\n')).toEqual(['debian']);
  });

  it('are none in an empty file', () => {
    expect(images('')).toEqual([]);
  });
});
