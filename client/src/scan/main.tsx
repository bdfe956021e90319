import '../engine/polyfills.ts'
import '../live/jitless-zod.ts'
import '../theme/light-tokens.css'
import '../theme/desk-dark-tokens.css'
import '../theme/scale.css'
import './scan.css'
import { pickLanguage } from '@stagewatch/shared/domain/locales.ts'
import { QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { newQueryClient } from '../api/query-client.ts'
import { startTexts, storedLanguage } from '../locales/i18n.ts'
import { orderAfter } from './reports.ts'
import { registerWorker } from './register-worker.ts'
import { ScanContext, type KnownOrder } from './scan-context.ts'
import { ScanDatabase } from './scan-database.ts'
import { ScanDevice } from './scan-device.ts'
import { ScanPage } from './scan-page.tsx'
import { readScanSearch } from './use-scan-search.ts'

const root = document.querySelector('#root')
if (root === null) throw new Error('scan.html has no #root')

const textFiles = import.meta.glob<object>('../locales/*/{common,errors,scan}.json', { import: 'default' })
const queries = newQueryClient()
void show(root)
void registerWorker().catch(() => undefined)

async function show(place: Element): Promise<void> {
  const asked = new URLSearchParams(location.search).get('lang') ?? storedLanguage()
  await startTexts(pickLanguage(asked, navigator.language), textFiles)
  // Without storage, reports are kept only as long as the page is open.
  const database = await ScanDatabase.open().catch(() => undefined)
  void navigator.storage?.persist?.()
  const device = await ScanDevice.open({
    database,
    site: readScanSearch(location.search).site,
    onSent: (report, at) => {
      const key = ['progress']
      queries.setQueriesData<KnownOrder>({ queryKey: key }, (known) => {
        return known && { ...known, progress: orderAfter(known.progress, [{ ...report, at }]) }
      })
      void queries.invalidateQueries({ queryKey: key })
    },
  })
  createRoot(place).render(
    <QueryClientProvider client={queries}>
      <ScanContext value={{ device, database }}>
        <ScanPage />
      </ScanContext>
    </QueryClientProvider>,
  )
}
