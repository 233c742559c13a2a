import { describe, expect, test } from 'vitest';
import { zipOf } from '../../../../tests/support/zip.ts';
import { readPackage } from './read.ts';
import { UnreadablePackage } from './unpack.ts';

const SURFACES = [
  {
    name: 'Front',
    areas: [
      {
        customizationType: 'TextPrinting',
        label: 'Line 1',
        text: 'Ciao',
        fontFamily: 'Arial',
        colorName: 'Red',
      },
      { customizationType: 'TextPrinting', label: 'Line 2', text: '' },
      { customizationType: 'Options', label: 'Size', optionValue: 'Large' },
    ],
  },
  {
    name: 'Back',
    areas: [{ customizationType: 'ImagePrinting', label: 'Logo', svgImage: { imageName: 'b.svg' } }],
  },
];
const TREE = {
  type: 'PageContainerCustomization',
  children: [
    {
      type: 'PreviewContainerCustomization',
      label: 'Side A',
      children: [
        {
          type: 'FlatContainerCustomization',
          children: [
            { type: 'TextCustomization', label: 'Name', inputValue: 'Ciao' },
            { type: 'FontCustomization', label: 'Font', fontSelection: { family: 'Arial' } },
            { type: 'ColorCustomization', label: 'Colour', colorSelection: { name: 'Red', value: '#f00' } },
          ],
        },
      ],
    },
    {
      type: 'PreviewContainerCustomization',
      label: 'Side B',
      children: [
        {
          type: 'OptionCustomization',
          label: 'Style',
          optionSelection: { name: 'City', displayValue: 'Città' },
        },
        {
          type: 'PlacementContainerCustomization',
          children: [{ type: 'ImageCustomization', label: 'Logo', image: { imageName: 'b.png' } }],
        },
      ],
    },
  ],
};
const read = async (description: unknown) =>
  (await readPackage(await zipOf({ 'order.json': JSON.stringify(description) }))).customisation;

const FROM_SURFACES = [
  { surface: 'Front', label: 'Line 1', kind: 'text', value: 'Ciao', font: 'Arial', colour: 'Red' },
  { surface: 'Front', label: 'Size', kind: 'option', value: 'Large' },
  { surface: 'Back', label: 'Logo', kind: 'image', value: 'b.svg' },
];

describe('the newer layout', () => {
  test.each([
    ['with the version outside', { 'version3.0': { customizationInfo: { surfaces: SURFACES } } }],
    ['with the version inside', { customizationInfo: { 'version3.0': { surfaces: SURFACES } } }],
    ['with surfaces right under the version', { 'version3.0': { surfaces: SURFACES } }],
  ])('is read on all surfaces, %s', async (_, description) => {
    expect(await read(description)).toMatchObject({ parts: FROM_SURFACES, notUnderstood: [] });
  });

  test('is read instead of the older one when both are there, so that nothing is shown twice', async () => {
    const both = { 'version3.0': { customizationInfo: { surfaces: SURFACES } }, customizationData: TREE };
    expect((await read(both)).parts).toHaveLength(3);
  });
});

describe('the older layout', () => {
  test('is read to its last leaf, with the surface each part is on', async () => {
    expect((await read({ customizationData: TREE })).parts).toEqual([
      { surface: 'Side A', label: 'Name', kind: 'text', value: 'Ciao' },
      { surface: 'Side A', label: 'Font', kind: 'font', value: 'Arial' },
      { surface: 'Side A', label: 'Colour', kind: 'colour', value: 'Red' },
      { surface: 'Side B', label: 'Style', kind: 'option', value: 'Città' },
      { surface: 'Side B', label: 'Logo', kind: 'image', value: 'b.png' },
    ]);
  });

  test('stands in for a newer one that says nothing', async () => {
    const empty = { 'version3.0': { customizationInfo: { surfaces: [] } }, customizationData: TREE };
    expect((await read(empty)).parts).toHaveLength(5);
  });

  test('of absurd depth ends', async () => {
    let node: object = { type: 'TextCustomization', inputValue: 'deep' };
    for (let i = 0; i < 200; i++) node = { type: 'FlatContainerCustomization', children: [node] };
    expect((await read({ customizationData: node })).parts).toEqual([]);
  });
});

test('a part of a kind we do not know is named, and the others are read', async () => {
  const surfaces = [{ areas: [{ customizationType: 'Hologram', label: 'x' }, SURFACES[0]?.areas[0]] }];
  expect(await read({ 'version3.0': { customizationInfo: { surfaces } } })).toMatchObject({
    parts: [{ kind: 'text', value: 'Ciao' }],
    notUnderstood: ['Hologram'],
  });
});

test('a description of another shape altogether is read as saying nothing', async () => {
  for (const odd of [{}, { customizationData: [] }, { 'version3.0': 'x', customizationInfo: 5 }]) {
    expect((await read(odd)).parts).toEqual([]);
  }
});

test('a package without a description, or with one that is not JSON, is unreadable', async () => {
  await expect(readPackage(await zipOf({ 'a.xml': '<a/>' }))).rejects.toThrow(UnreadablePackage);
  await expect(readPackage(await zipOf({ 'a.json': '{"cut' }))).rejects.toThrow(UnreadablePackage);
  await expect(readPackage(await zipOf({ 'a.json': '[]' }))).rejects.toThrow(UnreadablePackage);
});
