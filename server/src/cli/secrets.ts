import { parseArgs } from 'node:util'
import type { SecretsRotated } from '@stagewatch/shared/contract/channels.ts'
import { callServerApi } from './call-server-api.ts'
import type { Command } from './command.ts'
import { exitCode, siteHelp, siteOptions, UsageError } from './command.ts'

export const secretsCommand: Command = {
  name: 'secrets',
  summary: 'encrypt the stored secrets with a new key',
  help: `rotate

${siteHelp}

Without SECRETS_KEY it makes a new key, encrypts every secret with it, and forgets the old one. With SECRETS_KEY, put
the new key before the old one (SECRETS_KEY=NEW,OLD), restart every server, run this, and remove the old one.`,
  async run(args, terminal) {
    const { values, positionals } = parseArgs({ args: [...args], options: siteOptions, allowPositionals: true })
    if (positionals.join(' ') !== 'rotate') throw new UsageError('secrets has one command: rotate')
    const request = { method: 'POST', path: '/api/v1/admin/secrets/rotate' } as const
    const { resealed, keyId } = await callServerApi<SecretsRotated>(values.site, request, terminal)
    if (values.json) terminal.print(JSON.stringify({ resealed, keyId }))
    else terminal.print(`${resealed} secrets are encrypted with the key ${keyId} now`)
    return exitCode.done
  },
}
