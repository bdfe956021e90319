import { channelFields, channelKinds } from '@stagewatch/shared/contract/channels.ts'
import { expect, it } from 'vitest'
import { secretsOf, settingsOf } from './channel-fields.ts'

it.each(channelKinds)('a form of %s asks for every field that the server takes, and lets the same be empty', (kind) => {
  const { settings, secrets } = channelFields[kind]
  for (const [schema, fields] of [
    [settings, settingsOf(kind)],
    [secrets, secretsOf(kind)],
  ] as const) {
    const taken = Object.entries(schema.shape).map(([name, field]) => ({
      name,
      // Encryption has a default and is always chosen.
      isOptional: name !== 'security' && field.safeParse(undefined).success,
    }))
    expect(fields).toEqual(taken)
  }
})
