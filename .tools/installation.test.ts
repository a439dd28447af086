import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './project.mjs';

test('everything runs on Node 24, which an install with ignored scripts would silently not do', () => {
  expect(process.version).toMatch(/^v24\./);
});

test('the lock file holds the native parts for every platform: npm ci refuses it otherwise, on all of them', () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>;
  };
  const locked = new Set(Object.keys(packages).map(path => path.replace(/^.*node_modules\//, '')));
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter(name => !locked.has(name))
      .map(name => `${path} names ${name}`),
  );
  expect(missing).toEqual([]);
});
