import { cleanup, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { renderDesk } from '../components/testing/render-desk.tsx'
import { TranslationsContext, useTranslated } from './translations.ts'

afterEach(cleanup)

function Names({ texts }: { readonly texts: readonly string[] }) {
  const translated = useTranslated()
  return <p role="note">{texts.map(translated).join(', ')}</p>
}

it('a text is called what came with the answer, and itself where nothing did', async () => {
  const texts = ['东区', 'packing', 'toString']
  await renderDesk(
    <TranslationsContext value={{ 东区: { zh: '东区', en: 'East' } }}>
      <Names texts={texts} />
    </TranslationsContext>,
  )
  expect(screen.getByRole('note').textContent).toBe('East, packing, toString')
  cleanup()
  await renderDesk(<Names texts={texts} />)
  expect(screen.getByRole('note').textContent).toBe('东区, packing, toString')
})
