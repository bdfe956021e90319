#!/usr/bin/env node
// The program of the npm package `stagewatch`. Older versions of Node must be able to parse it, up to the message that
// they are too old.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)
const { engines, optionalDependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const needed = Number(/\d+/.exec(engines.node)[0])
const command = process.argv[2]
/** With this code, the system ends a program whose libraries it does not find. */
const notStarted = 127

if (Number(process.versions.node.split('.', 1)[0]) < needed) startOnInstalledNode()
else await run()

async function run() {
  await load('platform/preload.js')
  await load(command === undefined || command === 'start' ? 'main.js' : 'cli/stagewatch.js')
}

function load(module) {
  return import(new URL(`../server/src/${module}`, import.meta.url).href)
}

/** The optional dependencies are builds of Node, of which npm installs the one for this platform. */
function startOnInstalledNode() {
  const program = installedNode()
  if (program === undefined) return refuse()
  const child = spawn(program, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  child.once('error', refuse)
  // A terminal sends Ctrl-C to both processes; everything else sends its signal to this one only.
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const name of signals) {
    process.on(name, () => {
      if (name !== 'SIGINT' || !process.stdin.isTTY) child.kill(name)
    })
  }
  child.once('exit', (code, signal) => {
    if (code === notStarted) {
      process.stderr.write(
        'The Node.js that comes with stagewatch lacks a library of the system, which the line above names.\n' +
          'Debian and Ubuntu: apt install libatomic1. Fedora, Red Hat and SUSE: install libatomic.\n',
      )
    }
    if (signal === null) process.exit(code)
    // Ends in the same way.
    for (const name of signals) process.removeAllListeners(name)
    process.kill(process.pid, signal)
  })
}

function installedNode() {
  for (const name of Object.keys(optionalDependencies || {})) {
    try {
      const manifest = require.resolve(`${name}/package.json`)
      return join(dirname(manifest), JSON.parse(readFileSync(manifest, 'utf8')).bin.node)
    } catch {
      // For another platform.
    }
  }
  return undefined
}

function refuse() {
  process.stderr.write(
    `Stagewatch needs Node.js ${needed} or newer; this is ${process.versions.node}.\n` +
      'Install it from https://nodejs.org, or reinstall stagewatch with its optional dependencies.\n',
  )
  process.exit(1)
}
