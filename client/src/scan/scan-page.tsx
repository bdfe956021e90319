import { useEffect, useEffectEvent, useState } from 'react'
import Camera from 'lucide-react/icons/camera'
import { useQuery } from '@tanstack/react-query'
import { useText } from '../locales/use-text.ts'
import { CameraView } from './camera-view.tsx'
import { feedback } from './feedback.ts'
import { OrderView } from './order-view.tsx'
import { QueueView } from './queue-view.tsx'
import { useScan } from './scan-context.ts'
import { ScanHeader } from './scan-header.tsx'
import { orderOfCode } from './scanned-code.ts'
import { goTo, scanAddress, signInAddress, useScanSearch } from './use-scan-search.ts'
import { WedgeScanner } from './wedge-scanner.ts'

/** Scan an order, then tap what happened to it. */
export function ScanPage() {
  const { t } = useText()
  const { site, order, view } = useScanSearch()
  const { state } = useScan()
  const [problem, setProblem] = useState<string>()
  const open = (text: string): void => {
    const found = orderOfCode(text)
    feedback(found === undefined ? 'refused' : 'found')
    setProblem(found === undefined ? t('scan.notACode', { text: text.trim().slice(0, 60) }) : undefined)
    if (found !== undefined) goTo({ site, order: found })
  }
  useWedgeScanner(open)
  const mayAct = state.me === undefined || state.me.actions.includes('orders.act')
  return (
    <>
      <ScanHeader site={site} />
      <main className="page">
        {state.person === undefined ? (
          <Welcome />
        ) : !mayAct && !state.isSignedOut ? (
          <p className="note">{t('scan.forbidden')}</p>
        ) : view === 'queue' ? (
          <QueueView site={site} />
        ) : order !== undefined ? (
          <OrderView key={order} site={site} order={order} />
        ) : (
          <FindOrder site={site} onText={open} />
        )}
        {problem !== undefined && (
          <p className="note note--bad" role="alert">
            {problem}
          </p>
        )}
      </main>
    </>
  )
}

function useWedgeScanner(onCode: (text: string) => void): void {
  const found = useEffectEvent(onCode)
  useEffect(() => {
    const scanner = new WedgeScanner()
    const press = (event: KeyboardEvent): void => {
      const code = scanner.press({ key: event.key, at: event.timeStamp })
      if (code === undefined) return
      // Otherwise the key would also act on the focused button or form.
      event.preventDefault()
      found(code)
    }
    addEventListener('keydown', press, true)
    return () => removeEventListener('keydown', press, true)
  }, [])
}

function Welcome() {
  const { t } = useText()
  const { state } = useScan()
  if (state.server === 'unknown') return <p className="note">{t('scan.loading')}</p>
  if (state.server === 'unreachable') return <p className="note">{t('scan.firstContact')}</p>
  return (
    <section className="card">
      <p>{t('scan.welcome')}</p>
      <a className="button button--large button--main" href={signInAddress()}>
        {t('scan.signInFirst')}
      </a>
    </section>
  )
}

interface FindOrderProps {
  readonly site: string | undefined
  readonly onText: (text: string) => void
}

function FindOrder({ site, onText }: FindOrderProps) {
  const { t } = useText()
  const [words, setWords] = useState('')
  const [isFilming, setFilming] = useState(false)
  return (
    <>
      {isFilming ? (
        <CameraView onCode={onText} onClose={() => setFilming(false)} />
      ) : (
        <button type="button" className="button button--large button--main" onClick={() => setFilming(true)}>
          <Camera size={28} aria-hidden />
          {t('scan.camera')}
        </button>
      )}
      <form
        className="words"
        onSubmit={(event) => {
          event.preventDefault()
          if (words.trim() !== '') onText(words)
        }}
      >
        <label>
          {t('scan.order')}
          <input
            value={words}
            autoCapitalize="characters"
            autoComplete="off"
            enterKeyHint="go"
            spellCheck={false}
            onChange={({ target }) => setWords(target.value)}
          />
        </label>
        <button type="submit" className="button" disabled={words.trim() === ''}>
          {t('scan.open')}
        </button>
      </form>
      <p className="hint">{t('scan.hint')}</p>
      {!isSecureContext && <p className="note">{t('scan.insecure')}</p>}
      <RecentOrders site={site} />
    </>
  )
}

function RecentOrders({ site }: { readonly site: string | undefined }) {
  const { t, nameOf } = useText()
  const { database } = useScan()
  const { data = [] } = useQuery({
    queryKey: ['recent'],
    queryFn: async () => (await database?.recentOrders()) ?? [],
    staleTime: 0,
  })
  const shown = data.filter((recent) => recent.site === (site ?? ''))
  return (
    <section>
      <h2 className="title">{t('scan.recent')}</h2>
      {shown.length === 0 && <p className="hint">{t('scan.recentEmpty')}</p>}
      <ul className="list">
        {shown.map(({ order, progress }) => (
          <li key={order}>
            <a
              className="list__link"
              href={scanAddress({ site, order })}
              onClick={(event) => {
                event.preventDefault()
                goTo({ site, order })
              }}
            >
              <b>{order}</b>
              <span>{progress?.stageName !== undefined && nameOf(progress.stageName)}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}
