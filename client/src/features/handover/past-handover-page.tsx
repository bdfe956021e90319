import { Button, Textarea } from '@mantine/core'
import type { HandoverDetail } from '@stagewatch/shared/contract/handover.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Printer } from 'lucide-react'
import { useState } from 'react'
import { isApiError } from '../../api/request.ts'
import { useMe } from '../../api/session.ts'
import card from '../../components/card.module.css'
import { EmptyState } from '../../components/empty-state.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import layout from '../../components/layout/layout.module.css'
import { Page } from '../../components/layout/page.tsx'
import { notifyDone } from '../../components/notify.ts'
import { OnlineButton } from '../../components/online-button.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { instantText } from '../../format/instant-text.ts'
import { useText } from '../../locales/use-text.ts'
import { handoverQuery, useConfirmHandover } from './api.ts'
import styles from './handover.module.css'
import { Notes } from './notes.tsx'
import { ConfirmationState } from './past-handovers.tsx'
import { ShiftContent } from './shift-content.tsx'
import { useShiftText } from './use-shift-text.ts'
import { TranslationsContext, useTranslated } from '../../api/translations.ts'

/** One handover, to read, confirm and print. */
export function PastHandoverPage() {
  const { t } = useText()
  const { site } = useMe()
  const { id } = useParams({ from: '/shell/handover/$id' })
  const isNumber = /^\d{1,15}$/.test(id)
  const query = useQuery({ ...handoverQuery(site, Number(id)), enabled: isNumber })
  const isMissing = !isNumber || isApiError(query.error, 'not_found')
  return (
    <Page title={t('nav.handover')} needs="orders.read">
      {isMissing ? (
        <EmptyState title={t('handover.notFound')}>
          <Link to="/handover" search={({ site: of }) => ({ site: of })}>
            {t('handover.back')}
          </Link>
        </EmptyState>
      ) : (
        <QueryBoundary query={query}>{(handover) => <Handover handover={handover} />}</QueryBoundary>
      )}
    </Page>
  )
}

function Handover({ handover }: { readonly handover: HandoverDetail }) {
  const { t, language, nameOf } = useText()
  const shiftText = useShiftText()
  const { id, department, departmentName, shift, next, madeAt, missed, told, content, notes, mayNote, asOf } = handover
  const time = (at: number) => instantText(at, asOf, language)
  const translated = useTranslated(handover.translations)
  return (
    <div className={layout['stack']}>
      <div className={styles['head']}>
        <div>
          <Link to="/handover" search={({ site }) => ({ site, department })} className={styles['screenOnly']}>
            {t('handover.back')}
          </Link>
          <h2>{[nameOf(departmentName), shiftText(shift)].join(' · ')}</h2>
          <p className={layout['meta']}>
            {[
              t('handover.made', { time: time(madeAt) }),
              ...(next === undefined ? [] : [t('handover.nextShift', { shift: shiftText(next) })]),
            ].join(' · ')}
          </p>
          {told !== undefined && (
            <p className={layout['meta']}>
              {told.length === 0
                ? t('handover.toldNobody')
                : t('handover.told', { names: told.map(translated).join(t('listComma')) })}
            </p>
          )}
        </div>
        <Button
          variant="default"
          className={styles['screenOnly']}
          leftSection={<Printer size={16} aria-hidden />}
          onClick={() => window.print()}
        >
          {t('handover.print')}
        </Button>
      </div>
      {missed.length > 0 && (
        <p className={card['card']}>{t('handover.missed', { shifts: missed.map(shiftText).join(t('listComma')) })}</p>
      )}
      <TranslationsContext value={handover.translations}>
        <Confirmation handover={handover} time={time} />
        <Notes notes={notes} department={department} handover={id} mayNote={mayNote} now={asOf} />
        <ShiftContent content={content} department={department} now={asOf} />
      </TranslationsContext>
    </div>
  )
}

interface ConfirmationProps {
  readonly handover: HandoverDetail
  readonly time: (at: number) => string
}

function Confirmation({ handover, time }: ConfirmationProps) {
  const { t } = useText()
  const [remark, setRemark] = useState('')
  const { id, confirmedAt, confirmBy, mayConfirm } = handover
  const confirm = useConfirmHandover(id)
  const text = remark.trim()
  const send = () =>
    confirm.mutate(text === '' ? {} : { remark: text }, { onSuccess: () => notifyDone(t('handover.confirmed')) })
  return (
    <section className={card['card']}>
      <h3 className={card['title']}>{t('handover.confirmTitle')}</h3>
      <p>
        <ConfirmationState handover={handover} />{' '}
        <span className={layout['meta']}>
          {confirmedAt === undefined ? t('handover.confirmBy', { time: time(confirmBy) }) : time(confirmedAt)}
        </span>
      </p>
      {handover.remark !== undefined && <p className={styles['text']}>{handover.remark}</p>}
      {confirmedAt === undefined && !mayConfirm && <p className={layout['meta']}>{t('handover.notYours')}</p>}
      <ErrorAlert error={confirm.error} />
      {mayConfirm && (
        <form
          className={`${layout['stack']} ${styles['screenOnly']}`}
          onSubmit={(event) => {
            event.preventDefault()
            send()
          }}
        >
          <p>{t('handover.confirmText')}</p>
          <Textarea
            label={t('handover.remark')}
            value={remark}
            autosize
            minRows={1}
            maxRows={6}
            maxLength={2_000}
            onChange={({ currentTarget }) => setRemark(currentTarget.value)}
          />
          <div>
            <OnlineButton type="submit" loading={confirm.isPending}>
              {t('handover.confirm')}
            </OnlineButton>
          </div>
        </form>
      )}
    </section>
  )
}
