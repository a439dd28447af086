export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly cents: number;
  readonly stock: number;
}

export const PRODUCTS: readonly Product[] = [
  { sku: 'TEA-SENCHA-100', name: 'Sencha, 100 g', cents: 1_290, stock: 4_000 },
  { sku: 'TEA-OOLONG-100', name: 'Tie Guan Yin oolong, 100 g', cents: 1_890, stock: 2_500 },
  { sku: 'TEA-ASSAM-250', name: 'Assam second flush, 250 g', cents: 1_450, stock: 3_200 },
  { sku: 'COF-YIRG-250', name: 'Yirgacheffe, washed, 250 g', cents: 1_640, stock: 5_000 },
  { sku: 'COF-HUILA-1000', name: 'Huila, espresso roast, 1 kg', cents: 4_980, stock: 1_200 },
  { sku: 'POT-KYUSU-300', name: 'Kyusu teapot, 300 ml', cents: 6_400, stock: 180 },
  { sku: 'CUP-HASAMI-2', name: 'Hasami cups, set of two', cents: 3_800, stock: 420 },
  { sku: 'GRD-HAND-38', name: 'Hand grinder, 38 mm burrs', cents: 8_900, stock: 90 },
  { sku: 'KTL-GOOSE-900', name: 'Gooseneck kettle, 0.9 l', cents: 7_250, stock: 260 },
  { sku: 'FLT-V60-100', name: 'Paper filters 02, 100 pieces', cents: 590, stock: 9_000 },
];

export interface Tenant {
  readonly id: string;
  /** Relative traffic. */
  readonly weight: number;
  readonly discountPercent: number;
}

export const TENANTS: readonly Tenant[] = [
  { id: 'acme', weight: 7, discountPercent: 10 },
  { id: 'globex', weight: 4, discountPercent: 5 },
  { id: 'initech', weight: 3, discountPercent: 0 },
  { id: 'umbrella', weight: 2, discountPercent: 7 },
  { id: 'hooli', weight: 1, discountPercent: 0 },
];
