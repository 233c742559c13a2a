import type { Customisation, CustomisationPart } from '../../../domain/customisation.ts';
import { type UnpackedFile, UnreadablePackage, unpack } from './unpack.ts';

/** Deeper trees than any page of an honest product. */
const DEPTH_MAX = 30;
const PARTS_MAX = 500;

/**
 * Reads an Amazon Custom package: what the buyer wrote, chose and uploaded, on all surfaces.
 *
 * The description has two layouts, often both in one file: the newer `version3.0` with surfaces and areas, and the older
 * tree `customizationData`. The newer is read when it says anything; the older fills in nothing but stands in for it.
 * Amazon documents neither: the keys are those seen in sellers' public programs, and a part of a kind we do not know is
 * named as not understood.
 * @throws HostilePackage or UnreadablePackage
 */
export async function readPackage(
  packed: Buffer,
): Promise<{ readonly customisation: Customisation; readonly files: readonly UnpackedFile[] }> {
  const { files, leftOut } = await unpack(packed);
  const descriptions = files.filter(({ mediaType }) => mediaType === 'application/json');
  const reading = new Reading();
  for (const { bytes } of descriptions) reading.add(parsed(bytes));
  if (descriptions.length === 0) throw new UnreadablePackage('the package holds no description');
  if (leftOut > 0) reading.notUnderstood.add(`${leftOut} files left out`);
  return {
    files,
    customisation: {
      parts: reading.parts,
      notUnderstood: [...reading.notUnderstood],
      files: files.map(({ name, mediaType, sizeBytes }) => ({ name, mediaType, sizeBytes })),
    },
  };
}

function parsed(bytes: Buffer): Node {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));
  } catch {
    throw new UnreadablePackage('the description is not JSON');
  }
  const node = nodeOf(value);
  if (node === undefined) throw new UnreadablePackage('the description is not an object');
  return node;
}

type Node = Readonly<Record<string, unknown>>;

class Reading {
  readonly parts: CustomisationPart[] = [];
  readonly notUnderstood = new Set<string>();

  add(description: Node): void {
    const before = this.parts.length;
    for (const surface of surfacesOf(description)) this.#addSurface(surface);
    if (this.parts.length === before) this.#addTree(nodeOf(description.customizationData), undefined, 0);
  }

  #addSurface(surface: Node): void {
    const name = textOf(surface.name) ?? textOf(surface.label);
    for (const area of nodesOf(surface.areas)) this.#addArea(area, name);
  }

  #addArea(area: Node, surface: string | undefined): void {
    const label = textOf(area.label) ?? textOf(area.name) ?? '';
    const kind = (textOf(area.customizationType) ?? '').toLowerCase();
    if (kind.startsWith('text')) {
      this.#push({
        surface,
        label,
        kind: 'text',
        value: textOf(area.text),
        font: textOf(area.fontFamily),
        colour: textOf(area.colorName) ?? textOf(area.fill),
      });
    } else if (kind.startsWith('option')) {
      this.#push({ surface, label, kind: 'option', value: textOf(area.optionValue) });
    } else if (kind.startsWith('image')) {
      const image = nodeOf(area.svgImage) ?? nodeOf(area.image) ?? area;
      this.#push({
        surface,
        label,
        kind: 'image',
        value: textOf(image.imageName) ?? textOf(area.buyerImageName),
      });
    } else this.#wonder(textOf(area.customizationType));
  }

  /** The older layout: containers with children; the leaves say what was chosen. */
  #addTree(node: Node | undefined, surface: string | undefined, depth: number): void {
    if (node === undefined || depth > DEPTH_MAX) return;
    const type = textOf(node.type) ?? '';
    const label = textOf(node.label) ?? textOf(node.name) ?? '';
    if (type === 'TextCustomization') {
      this.#push({ surface, label, kind: 'text', value: textOf(node.inputValue) });
    } else if (type === 'OptionCustomization') {
      const chosen = nodeOf(node.optionSelection);
      const value =
        textOf(node.displayValue) ??
        textOf(chosen?.label) ??
        textOf(chosen?.displayValue) ??
        textOf(chosen?.name);
      this.#push({ surface, label, kind: 'option', value });
    } else if (type === 'FontCustomization') {
      this.#push({ surface, label, kind: 'font', value: textOf(nodeOf(node.fontSelection)?.family) });
    } else if (type === 'ColorCustomization') {
      const colour = nodeOf(node.colorSelection);
      this.#push({ surface, label, kind: 'colour', value: textOf(colour?.name) ?? textOf(colour?.value) });
    } else if (type === 'ImageCustomization') {
      this.#push({ surface, label, kind: 'image', value: textOf((nodeOf(node.image) ?? node).imageName) });
    } else if (type !== '' && !type.includes('Container')) this.#wonder(type);

    const below = type.startsWith('Placement') || type.startsWith('Preview') ? label || surface : surface;
    for (const child of nodesOf(node.children)) this.#addTree(child, below, depth + 1);
  }

  /** A field left empty is normal: the second line of a text. */
  #push({ value, ...part }: Omit<CustomisationPart, 'value'> & { readonly value: string | undefined }): void {
    if (value !== undefined && this.parts.length < PARTS_MAX) this.parts.push({ ...part, value });
  }

  #wonder(kind: string | undefined): void {
    if (kind !== undefined && /^[\w.-]{1,60}$/.test(kind)) this.notUnderstood.add(kind);
  }
}

/** Either nesting of the two names is found in the wild. */
function surfacesOf(description: Node): readonly Node[] {
  const newer = nodeOf(description['version3.0']);
  const info = nodeOf(newer?.customizationInfo) ?? newer;
  const nested = nodeOf(nodeOf(description.customizationInfo)?.['version3.0']);
  return nodesOf(info?.surfaces ?? nested?.surfaces);
}

function nodeOf(value: unknown): Node | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : undefined;
}

function nodesOf(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.map(nodeOf).filter((node) => node !== undefined) : [];
}

function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  return text === '' ? undefined : text;
}
