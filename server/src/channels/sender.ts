import type { ChannelConfig, ChannelKind } from '@stagewatch/shared/contract/channels.ts'
import type { ChannelMessage } from '@stagewatch/shared/contract/messages.ts'
import type { SecretBox } from '../platform/secret-box.ts'
import type { Attempted, Channel, ChannelContext } from './channel.ts'
import { channelOf } from './channel-registry.ts'
import { openSecrets } from './channels-table.ts'
import type { StoredChannel } from './channels-table.ts'
import type { Rendering } from './render-message.ts'

/** A channel with its settings, as delivery uses it. */
export interface Sender extends Pick<Channel<ChannelKind>, 'merges' | 'continues' | 'budget' | 'limit' | 'dialect'> {
  /** Must be removed from logged answers. */
  readonly secrets: readonly string[]
  readonly send: (
    sending: {
      readonly to: string
      readonly rendered: Rendering
      readonly messages: readonly ChannelMessage[]
      readonly id: string
    },
    context: ChannelContext,
  ) => Promise<Attempted>
}

/** @throws SealedSecretError when its secrets cannot be opened. */
export function senderOf(site: string, stored: StoredChannel, box: SecretBox): Sender {
  const channel: Channel<ChannelKind> = channelOf(stored.kind)
  const secrets = openSecrets(box, site, stored)
  // Both were validated by the schemas of the kind when they were saved.
  const config = { ...stored.settings, ...secrets } as ChannelConfig<ChannelKind>
  const { merges, continues, budget, limit, dialect } = channel
  return {
    merges,
    ...(continues !== undefined && { continues }),
    limit,
    dialect,
    ...(budget !== undefined && { budget }),
    secrets: Object.values(secrets),
    send: (sending, context) => channel.send({ config, ...sending }, context),
  }
}
