import '../engine/polyfills.ts'
import '../live/jitless-zod.ts'
import '../theme/fonts.ts'
import '../theme/light-tokens.css'
import '../theme/desk-dark-tokens.css'
import '../theme/scale.css'
import './start.css'
import './cards.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { newQueryClient } from '../api/query-client.ts'
import { startTexts } from '../locales/i18n.ts'
import { pickLanguage } from '@stagewatch/shared/domain/locales.ts'
import { storedLanguage } from '../locales/i18n.ts'
import { StartPage } from './start-page.tsx'

const root = document.querySelector('#root')
if (root === null) throw new Error('index.html has no #root')

const textFiles = import.meta.glob<object>('../locales/*/{common,errors,start}.json', { import: 'default' })
const asked = new URLSearchParams(location.search).get('lang') ?? storedLanguage()
void show(root)

async function show(place: Element): Promise<void> {
  await startTexts(pickLanguage(asked, navigator.language), textFiles)
  createRoot(place).render(
    <QueryClientProvider client={newQueryClient()}>
      <StartPage />
    </QueryClientProvider>,
  )
}
