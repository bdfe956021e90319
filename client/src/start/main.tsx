import '../live/jitless-zod.ts'
import '../theme/fonts.ts'
import '../theme/light-tokens.css'
import './start.css'
import './cards.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { startTexts } from '../text/i18n.ts'
import { pickLanguage } from '../text/language.ts'
import { rememberedLanguage } from '../text/remembered-language.ts'
import { StartPage } from './start-page.tsx'

const root = document.querySelector('#root')
if (root === null) throw new Error('index.html has no #root')

const asked = new URLSearchParams(location.search).get('lang') ?? rememberedLanguage()
await startTexts(pickLanguage(asked, navigator.language))

createRoot(root).render(
  <QueryClientProvider client={new QueryClient()}>
    <StartPage />
  </QueryClientProvider>,
)
