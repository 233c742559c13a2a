import PDFDocument from 'pdfkit';
import type { Fonts } from './fonts.ts';

/** Points; A4 with room for a punch. */
const MARGIN = 48;
const FOOTER_HEIGHT = 34;
const INK = '#1c2530';
export const MUTED = '#5b6775';
const RULE = '#c9d0d8';
const SHADE = '#f3f5f7';
const LINE_GAP = 1.5;
const CELL_GAP = 4;

export interface Column {
  readonly head: string;
  /** Share of the page's width; the columns' shares make 1. */
  readonly width: number;
  readonly align: 'left' | 'right';
}

interface TextStyle {
  readonly bold?: boolean;
  readonly size?: number;
  readonly colour?: string;
  readonly align?: 'left' | 'right';
}

/** A sheet that text, columns and tables are set on from top to bottom, on as many pages as they need. */
export class Sheet {
  readonly #doc: PDFKit.PDFDocument;
  readonly #chunks: Buffer[] = [];
  readonly #ended: Promise<void>;
  y = MARGIN;

  /** @param dated when the document says it was made: with the same date and words it is the same bytes */
  constructor(fonts: Fonts, about: { title: string; author: string; dated: Date; language: string }) {
    const doc = new PDFDocument({
      size: 'A4',
      margin: MARGIN,
      bufferPages: true,
      autoFirstPage: true,
      // None of the standard fonts, which pdfkit would look for beside itself: a bundle has only its own two.
      font: '',
      lang: about.language,
      displayTitle: true,
      info: {
        Title: about.title,
        Author: about.author,
        Creator: about.author,
        Producer: 'pdfkit',
        CreationDate: about.dated,
        ModDate: about.dated,
      },
    });
    doc.on('data', (chunk: Buffer) => this.#chunks.push(chunk));
    this.#ended = new Promise((resolve, reject) => {
      doc.once('end', resolve);
      doc.once('error', reject);
    });
    doc.registerFont('regular', fonts.regular).registerFont('bold', fonts.bold);
    this.#doc = doc;
  }

  get left(): number {
    return MARGIN;
  }
  get width(): number {
    return this.#doc.page.width - 2 * MARGIN;
  }
  get #bottom(): number {
    return this.#doc.page.height - MARGIN - FOOTER_HEIGHT;
  }

  /** One paragraph at a place; answers how high it is. Does not move on. */
  textAt(text: string, x: number, y: number, width: number, style: TextStyle = {}): number {
    const { align = 'left', colour = INK } = style;
    this.#use(style);
    const height = this.#doc.heightOfString(text, { width, lineGap: LINE_GAP });
    this.#doc.fillColor(colour).text(text, x, y, { width, align, lineGap: LINE_GAP });
    return height;
  }

  /** A paragraph over the whole width. */
  paragraph(text: string, style: TextStyle = {}): void {
    this.#use(style);
    this.room(this.#doc.heightOfString(text, { width: this.width, lineGap: LINE_GAP }));
    this.y += this.textAt(text, this.left, this.y, this.width, style);
  }

  /** Blocks side by side, each with a small head above it; the first line of each is bold. */
  blocks(blocks: readonly { readonly label: string; readonly lines: readonly string[] }[]): void {
    const gutter = 18;
    const width = (this.width - gutter * (blocks.length - 1)) / blocks.length;
    const ends = blocks.map(({ label, lines }, at) => {
      const x = this.left + at * (width + gutter);
      let y = this.y;
      if (label !== '') y += this.textAt(label, x, y, width, { size: 8, colour: MUTED }) + 1;
      for (const [row, line] of lines.entries())
        y += this.textAt(line, x, y, width, { bold: row === 0, size: 9 });
      return y;
    });
    this.y = Math.max(this.y, ...ends);
  }

  /** A picture that keeps its proportions within a box at the top left. */
  picture(bytes: Uint8Array, box: { readonly width: number; readonly height: number }): void {
    this.#doc.image(Buffer.from(bytes), this.left, this.y, { fit: [box.width, box.height] });
  }

  /** Rows under a head that is repeated on each page; a row is never split. */
  table(columns: readonly Column[], rows: readonly (readonly string[])[]): void {
    const head = columns.map((column) => column.head);
    const headHeight = this.#rowHeight(columns, head, { bold: true, size: 8 });
    // A head without a row under it says nothing.
    this.room(headHeight + (rows[0] === undefined ? 0 : this.#rowHeight(columns, rows[0], { size: 9 })));
    this.#head(columns, head, headHeight);
    for (const row of rows) {
      const height = this.#rowHeight(columns, row, { size: 9 });
      if (this.room(height)) this.#head(columns, head, headHeight);
      this.#row(columns, row, { size: 9 });
      this.y += height;
      this.rule();
    }
  }

  rule(colour = RULE): void {
    this.#doc
      .moveTo(this.left, this.y)
      .lineTo(this.left + this.width, this.y)
      .lineWidth(0.5)
      .strokeColor(colour)
      .stroke();
  }

  space(height: number): void {
    this.y += height;
  }

  /** Goes to a new page when that much does not fit on this one; whether it did. */
  room(height: number): boolean {
    if (this.y + height <= this.#bottom) return false;
    this.#doc.addPage();
    this.y = MARGIN;
    return true;
  }

  /** Writes the same foot under every page and gives the finished document. */
  async finish(foot: (page: number, of: number) => { left: string; right: string }): Promise<Uint8Array> {
    const { start, count } = this.#doc.bufferedPageRange();
    for (let page = 0; page < count; page += 1) {
      this.#doc.switchToPage(start + page);
      // Below the margin pdfkit would begin another page.
      this.#doc.page.margins.bottom = 0;
      const y = this.#doc.page.height - MARGIN - FOOTER_HEIGHT / 2;
      this.y = y - 6;
      this.rule();
      const { left, right } = foot(page + 1, count);
      this.textAt(left, this.left, y, this.width * 0.75, { size: 7.5, colour: MUTED });
      this.textAt(right, this.left + this.width * 0.75, y, this.width * 0.25, {
        size: 7.5,
        colour: MUTED,
        align: 'right',
      });
    }
    this.#doc.end();
    await this.#ended;
    return Buffer.concat(this.#chunks);
  }

  #use({ bold = false, size = 9 }: TextStyle): void {
    this.#doc.font(bold ? 'bold' : 'regular').fontSize(size);
  }

  #head(columns: readonly Column[], head: readonly string[], height: number): void {
    this.#doc.rect(this.left, this.y, this.width, height).fill(SHADE);
    this.#row(columns, head, { bold: true, size: 8, colour: MUTED });
    this.y += height;
    this.rule();
  }

  #row(columns: readonly Column[], cells: readonly string[], style: TextStyle): void {
    for (const [at, { x, width, align }] of this.#places(columns).entries()) {
      this.textAt(cells[at] ?? '', x, this.y + CELL_GAP, width, { ...style, align });
    }
  }

  #rowHeight(columns: readonly Column[], cells: readonly string[], style: TextStyle): number {
    this.#use(style);
    const heights = this.#places(columns).map(({ width }, at) =>
      this.#doc.heightOfString(cells[at] ?? '', { width, lineGap: LINE_GAP }),
    );
    return Math.max(...heights) + 2 * CELL_GAP;
  }

  #places(columns: readonly Column[]) {
    let share = 0;
    return columns.map(({ width, align }) => {
      const x = this.left + share * this.width + CELL_GAP;
      share += width;
      return { x, width: width * this.width - 2 * CELL_GAP, align };
    });
  }
}
