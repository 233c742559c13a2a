import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { createFormats, type Formats } from './formats.ts';
import { it, type Texts } from './it.ts';

export type Language = 'it' | 'en';
const KEY = 'markeplay.language';

interface Speaking {
  readonly language: Language;
  readonly texts: Texts;
  readonly formats: Formats;
  speak(language: Language): void;
}

const SpeakingContext = createContext<Speaking | undefined>(undefined);

/** Italian unless the person chose English, which is loaded then. */
export function Speech({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(() =>
    localStorage.getItem(KEY) === 'en' ? 'en' : 'it',
  );
  const [english, setEnglish] = useState<Texts>();
  useEffect(() => {
    if (language === 'en') void import('./en.ts').then(({ en }) => setEnglish(en));
  }, [language]);
  const speaking = language === 'en' && english !== undefined ? 'en' : 'it';
  useEffect(() => {
    document.documentElement.lang = speaking;
  }, [speaking]);
  const value = useMemo<Speaking>(
    () => ({
      language,
      texts: speaking === 'en' && english !== undefined ? english : it,
      formats: createFormats(speaking === 'en' ? 'en-GB' : 'it-IT'),
      speak(wanted) {
        localStorage.setItem(KEY, wanted);
        setLanguage(wanted);
      },
    }),
    [language, speaking, english],
  );
  return <SpeakingContext value={value}>{children}</SpeakingContext>;
}

export function useSpeech(): Speaking {
  const speaking = useContext(SpeakingContext);
  if (speaking === undefined) throw new Error('no language');
  return speaking;
}

export function useTexts(): Texts {
  return useSpeech().texts;
}
