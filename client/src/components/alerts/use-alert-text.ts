import type { AlertView } from '@stagewatch/shared/contract/alerts.ts'
import { instantText } from '../../format/instant-text.ts'
import { useText } from '../../locales/use-text.ts'
import { useTranslated } from '../../api/translations.ts'
import type { Translations } from '@stagewatch/shared/contract/names.ts'

/** Texts that describe an alert. @param translations of the response with the alert; otherwise those of the context. */
export function useAlertText(translations?: Translations) {
  const { t, language, nameOf } = useText()
  const translated = useTranslated(translations)

  /** @param now the server's clock, epoch ms. */
  const stateText = (alert: AlertView, now: number): string => {
    const { state, acknowledgedBy, snoozedUntil, endedAt, handedTo, handedBy, acceptBy, isHandedToYou } = alert
    const time = (at: number): string => instantText(at, now, language)
    if (acceptBy !== undefined && state !== 'ended') {
      const until = time(acceptBy)
      if (isHandedToYou === true)
        return handedBy === undefined
          ? t('alerts.state.handedToYou', { time: until })
          : t('alerts.state.handedToYouBy', { name: translated(handedBy), time: until })
      return handedTo === undefined
        ? t('alerts.state.handedOver', { time: until })
        : t('alerts.state.handedTo', { name: translated(handedTo), time: until })
    }
    switch (state) {
      case 'open':
        return t(alert.isUnknown ? 'alerts.state.unknown' : 'alerts.state.open')
      case 'acknowledged':
        return acknowledgedBy === undefined
          ? t('alerts.state.acknowledged')
          : t('alerts.state.acknowledgedBy', { name: translated(acknowledgedBy) })
      case 'snoozed':
        return snoozedUntil === undefined
          ? t('alerts.state.snoozed')
          : t('alerts.state.snoozedUntil', { time: time(snoozedUntil) })
      case 'ended':
        return endedAt === undefined ? t('alerts.state.ended') : t('alerts.state.endedAt', { time: time(endedAt) })
    }
  }

  /** The stage, the process or the source of the alert. */
  const placeText = ({ stage, stageName, process, source }: AlertView): string | undefined =>
    stageName === undefined ? (stage ?? source ?? process) : nameOf(stageName)

  return { stateText, placeText }
}
