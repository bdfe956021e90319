import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { commandSettings } from './command-settings.ts'

const embedded = { DATABASE_URL: undefined, DATA_DIR: './data', PORT: 4810 }
const postgresql = { ...embedded, DATABASE_URL: 'postgres://plant:secret@db/plant' }

test.for([
  ['a server in the default folder', embedded, {}, ''],
  ['a server in another folder', { ...embedded, DATA_DIR: '/srv/plant' }, {}, 'DATA_DIR=/srv/plant '],
  [
    'a folder with a space',
    { ...embedded, DATA_DIR: "/srv/Anna's plant" },
    {},
    String.raw`DATA_DIR='/srv/Anna'\''s plant' `,
  ],
  ['a folder that the file .env names', { ...embedded, DATA_DIR: '/srv/plant' }, { DATA_DIR: '/srv/plant' }, ''],
  [
    'the default folder, while .env names another',
    embedded,
    { DATA_DIR: '/srv/plant' },
    `DATA_DIR=${resolve('data')} `,
  ],
  ['PostgreSQL, whose password is not shown', postgresql, {}, 'PORT=4810 '],
  ['PostgreSQL that .env names', postgresql, { DATABASE_URL: postgresql.DATABASE_URL }, ''],
] as const)('a command that is pasted finds %s', ([, environment, file, settings]) => {
  expect(commandSettings(environment, file, 'linux')).toBe(settings)
})

test('the shells of Windows get no settings before a command', () => {
  expect(commandSettings({ ...embedded, DATA_DIR: 'D:/plant' }, {}, 'win32')).toBe('')
})
