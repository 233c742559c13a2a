import { XMLParser } from 'fast-xml-parser';
import * as z from 'zod';

export interface XmlElement {
  readonly name: string;
  /** Its own, trimmed. */
  readonly text: string;
  /** In the order of the document: GLS repeats five fields per event and wraps none. */
  readonly children: readonly XmlElement[];
}

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  preserveOrder: true,
  // Numbers begin with zeros.
  parseTagValue: false,
  trimValues: true,
});
const nodesSchema = z.array(z.record(z.string(), z.unknown()));

/** The root elements; undefined for what is no well-formed XML, a text that breaks off included. */
export function xmlOf(bytes: Uint8Array): readonly XmlElement[] | undefined {
  // The manual says ISO-8859-1; the declaration counts where it says otherwise.
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  const text = new TextDecoder(/encoding=["']utf-8["']/i.test(head) ? 'utf-8' : 'latin1').decode(bytes);
  // A document type can hold entities that grow without end, and no answer of GLS's has one.
  if (/<!DOCTYPE/i.test(text)) return undefined;
  try {
    const elements = elementsOf(parser.parse(text, true));
    return elements.length === 0 ? undefined : elements;
  } catch {
    return undefined;
  }
}

function elementsOf(nodes: unknown): XmlElement[] {
  return nodesSchema.parse(nodes).flatMap((node) =>
    Object.entries(node)
      .filter(([name]) => name !== '#text' && name !== ':@')
      .map(([name, inner]) => ({ name, text: textOf(inner), children: elementsOf(inner) })),
  );
}

function textOf(nodes: unknown): string {
  const texts = nodesSchema.parse(nodes).map((node) => node['#text']);
  return texts
    .filter((each) => typeof each === 'string')
    .join('')
    .trim();
}

export function childrenOf({ children }: Pick<XmlElement, 'children'>, name: string): readonly XmlElement[] {
  return children.filter((child) => child.name === name);
}

/** Blank where there is none. */
export function childText(element: XmlElement, name: string): string {
  return childrenOf(element, name)[0]?.text ?? '';
}
