import type { PairingAsked } from '@stagewatch/shared/contract/pairing.ts'
import { useText } from '../../text/use-text.ts'
import { instantText } from '../format/instant-text.ts'
import { useAgo } from '../format/use-ago.ts'

interface WhatAsksProps {
  readonly asked: PairingAsked
  /** Epoch ms. */
  readonly asOf: number
}

export function WhatAsks({ asked, asOf }: WhatAsksProps) {
  const { t, language } = useText()
  const ago = useAgo()
  const { userCode, address, device, askedAt, expiresAt } = asked
  return (
    <>
      <h2 className="card__title">{t('desk.pair.compare')}</h2>
      <p className="pair__code">{`${userCode.slice(0, 4)}-${userCode.slice(4)}`}</p>
      <dl className="pairs">
        <dt>{t('desk.pair.device')}</dt>
        <dd className="break">{device}</dd>
        <dt>{t('desk.pair.address')}</dt>
        <dd>{address}</dd>
        <dt>{t('desk.pair.asked')}</dt>
        <dd>{ago(askedAt, asOf)}</dd>
        <dt>{t('desk.pair.expires')}</dt>
        <dd>{instantText(expiresAt, asOf, language)}</dd>
      </dl>
    </>
  )
}
