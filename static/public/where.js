// Where am I: the phone's own position as a grid reference that can be read out. Reckoned here, on the
// phone: nothing is sent. Ordnance Survey's formulas (transverse Mercator, Helmert shift), right to 5 m.
(() => {
  "use strict";
  const rad = Math.PI / 180;
  const WGS84 = { a: 6378137, b: 6356752.3142 };
  const GRIDS = {
    // Great Britain: Airy 1830, the National Grid.
    gb: { a: 6377563.396, b: 6356256.909, f0: 0.9996012717, lat0: 49, lon0: -2, e0: 400000, n0: -100000,
      shift: [-446.448, 125.157, -542.06], turn: [-0.1502, -0.247, -0.8421], scale: 20.4894e-6 },
    // Northern Ireland: Airy modified, the Irish Grid.
    ni: { a: 6377340.189, b: 6356034.447, f0: 1.000035, lat0: 53.5, lon0: -8, e0: 200000, n0: 250000,
      shift: [-482.53, 130.596, -564.557], turn: [1.042, 0.214, 0.631], scale: -8.15e-6 },
  };
  const toCartesian = (lat, lon, { a, b }) => {
    const e2 = 1 - (b * b) / (a * a), s = Math.sin(lat), nu = a / Math.sqrt(1 - e2 * s * s);
    return [nu * Math.cos(lat) * Math.cos(lon), nu * Math.cos(lat) * Math.sin(lon), nu * (1 - e2) * s];
  };
  const toAngles = ([x, y, z], { a, b }) => {
    const e2 = 1 - (b * b) / (a * a), p = Math.hypot(x, y);
    let lat = Math.atan2(z, p * (1 - e2));
    for (let n = 0; n < 10; n += 1) {
      const nu = a / Math.sqrt(1 - e2 * Math.sin(lat) ** 2);
      lat = Math.atan2(z + e2 * nu * Math.sin(lat), p);
    }
    return [lat, Math.atan2(y, x)];
  };
  const moved = ([x, y, z], grid) => {
    const [tx, ty, tz] = grid.shift, [rx, ry, rz] = grid.turn.map((s) => (s / 3600) * rad), s = 1 + grid.scale;
    return [tx + x * s - y * rz + z * ry, ty + x * rz + y * s - z * rx, tz - x * ry + y * rx + z * s];
  };
  const project = (lat, lon, g) => {
    const { a, b, f0 } = g, lat0 = g.lat0 * rad, lon0 = g.lon0 * rad;
    const e2 = 1 - (b * b) / (a * a), n = (a - b) / (a + b), n2 = n * n, n3 = n2 * n;
    const sin = Math.sin(lat), cos = Math.cos(lat), tan2 = Math.tan(lat) ** 2;
    const nu = (a * f0) / Math.sqrt(1 - e2 * sin * sin), rho = (a * f0 * (1 - e2)) / (1 - e2 * sin * sin) ** 1.5;
    const eta2 = nu / rho - 1, d = lat - lat0, m = lat + lat0, l = lon - lon0;
    const arc = b * f0 * ((1 + n + 1.25 * n2 + 1.25 * n3) * d - (3 * n + 3 * n2 + 2.625 * n3) * Math.sin(d) * Math.cos(m)
      + (1.875 * n2 + 1.875 * n3) * Math.sin(2 * d) * Math.cos(2 * m) - (35 / 24) * n3 * Math.sin(3 * d) * Math.cos(3 * m));
    const north = arc + g.n0 + (nu / 2) * sin * cos * l ** 2 + (nu / 24) * sin * cos ** 3 * (5 - tan2 + 9 * eta2) * l ** 4
      + (nu / 720) * sin * cos ** 5 * (61 - 58 * tan2 + tan2 * tan2) * l ** 6;
    const east = g.e0 + nu * cos * l + (nu / 6) * cos ** 3 * (nu / rho - tan2) * l ** 3
      + (nu / 120) * cos ** 5 * (5 - 18 * tan2 + tan2 * tan2 + 14 * eta2 - 58 * tan2 * eta2) * l ** 5;
    return [east, north];
  };
  const LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ";
  const letters = (east, north, which) => {
    const e = Math.floor(east / 100000), n = Math.floor(north / 100000);
    if (which === "ni") return e < 0 || e > 4 || n < 0 || n > 4 ? "" : LETTERS[(4 - n) * 5 + e];
    if (e < 0 || e > 6 || n < 0 || n > 12) return "";
    const first = 19 - n - ((19 - n) % 5) + Math.floor((e + 10) / 5);
    const second = (((19 - n) * 5) % 25) + ((e + 10) % 5);
    return LETTERS[first] + LETTERS[second];
  };
  const inIreland = (lat, lon) => lat > 53.9 && lat < 55.33 && lon > -8.3 && lon < -5.43 && !(lat > 55.25 && lon > -5.95);
  const reference = (lat, lon) => {
    const which = inIreland(lat, lon) ? "ni" : "gb", grid = GRIDS[which];
    const here = toAngles(moved(toCartesian(lat * rad, lon * rad, WGS84), grid), grid);
    const [east, north] = project(...here, grid), square = letters(east, north, which);
    if (!square || lat < 49.8 || lat > 61 || lon < -9 || lon > 2.1) return null;
    const four = (metres) => String(Math.floor((metres % 100000) / 10)).padStart(4, "0");
    return { square, east: four(east), north: four(north) };
  };
  const SPOKEN = ("Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar Papa Quebec "
    + "Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu").split(" ");
  const DIGITS = { en: "zero one two three four five six seven eight nine".split(" "), cy: "dim un dau tri pedwar pump chwech saith wyth naw".split(" ") };
  const spoken = (ref, lang) => {
    const digits = (text) => [...text].map((d) => DIGITS[lang][d]).join(" ");
    return `${[...ref.square].map((c) => SPOKEN[c.charCodeAt(0) - 65]).join(" ")}, ${digits(ref.east)}, ${digits(ref.north)}`;
  };
  // No more figures than the fix is right to: squares of 10 m, then of 100 m, and above 250 m none at all.
  const figures = (accuracy) => (accuracy <= 15 ? 4 : accuracy <= 250 ? 3 : 0);
  const shortened = (ref, n) => ({ square: ref.square, east: ref.east.slice(0, n), north: ref.north.slice(0, n) });
  // The browser tests ask the reckoning itself, with places whose references are known.
  globalThis.whichNumberGrid = reference;

  const GOOD = 15, LONGEST = 120000;
  const box = document.getElementById("locate");
  if (!box || !navigator.geolocation) return;
  box.hidden = false;
  const lang = document.documentElement.lang === "cy" ? "cy" : "en";
  const status = box.querySelector("[role=status]"), list = box.querySelector("dl"), data = box.dataset;
  const put = (name, text) => { box.querySelector(`.${name}`).textContent = text; };
  const say = (text) => { if (status.textContent !== text) status.textContent = text; };
  const far = (metres) => (metres < 1000 ? `${metres} ${data.metres}` : `${Math.ceil(metres / 1000)} ${data.km}`);
  const round = (metres) => { const step = metres < 100 ? 5 : metres < 1000 ? 50 : 1000; return Math.max(5, Math.ceil(metres / step) * step); };
  let watch = null, timer = 0, best = null;
  const stop = () => {
    if (watch !== null) navigator.geolocation.clearWatch(watch);
    clearTimeout(timer);
    watch = null;
  };
  const show = ({ coords, timestamp }) => {
    if (best !== null && coords.accuracy > best.accuracy && timestamp - best.at < 30000) return;
    best = { accuracy: coords.accuracy, at: timestamp };
    const n = figures(coords.accuracy), whole = reference(coords.latitude, coords.longitude);
    const ref = n && whole ? shortened(whole, n) : null;
    list.hidden = n === 0;
    put("grid", ref ? `${ref.square} ${ref.east} ${ref.north}` : "–");
    put("read", ref ? spoken(ref, lang) : "–");
    put("coords", `${coords.latitude.toFixed(n || 1)}, ${coords.longitude.toFixed(n || 1)}`);
    put("accuracy", far(round(coords.accuracy)));
    put("moment", new Date(timestamp).toLocaleTimeString(lang === "cy" ? "cy-GB" : "en-GB"));
    if (coords.accuracy <= GOOD) stop();
    const more = watch === null ? "" : ` ${data.improving}`;
    if (!n) say(data.coarse.replace("[far]", far(round(coords.accuracy))) + more);
    else say((whole ? "" : data.abroad) + more);
  };
  const fail = (error) => {
    if (best !== null && error.code !== 1) return;
    stop();
    list.hidden = true;
    say(error.code === 1 ? data.refused : data.failed);
  };
  box.querySelector("button").addEventListener("click", () => {
    stop();
    best = null;
    say(data.asking);
    watch = navigator.geolocation.watchPosition(show, fail, { enableHighAccuracy: true, timeout: LONGEST, maximumAge: 0 });
    timer = setTimeout(() => {
      stop();
      if (best === null) say(data.failed);
      else if (!figures(best.accuracy)) say(data.coarse.replace("[far]", far(round(best.accuracy))));
      else say("");
    }, LONGEST);
  });
})();
