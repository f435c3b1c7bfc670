/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Easting and northing of the British National Grid (EPSG:27700) to WGS 84: the inverse Transverse Mercator on the Airy
 * ellipsoid, then the Helmert transformation of seven parameters, as in Ordnance Survey, "A guide to coordinate systems
 * in Great Britain", annex C and section 6.6. Good to about five metres; the exact transformation (OSTN15) is a table
 * of a million shifts, which no site of a network needs.
 */
#include "net/import/intake.h"

#include <math.h>

static const double degree = 57.29577951308232; /* of a radian */
static const double airy_a = 6377563.396, airy_b = 6356256.909;
static const double wgs84_a = 6378137, wgs84_b = 6356752.314245;
static const double scale = 0.9996012717, latitude_0 = 49 / 57.29577951308232, longitude_0 = -2 / 57.29577951308232;
static const double easting_0 = 400000, northing_0 = -100000;

struct point {
	double x, y, z; /* metres from the middle of the earth */
};

/* Metres of meridian from the true origin; guide, equation C3. */
static double meridian(double latitude)
{
	double n = (airy_a - airy_b) / (airy_a + airy_b), n2 = n * n, n3 = n2 * n;
	double minus = latitude - latitude_0, plus = latitude + latitude_0;

	return airy_b * scale *
	       ((1 + n + 1.25 * (n2 + n3)) * minus - (3 * (n + n2) + 2.625 * n3) * sin(minus) * cos(plus) +
		1.875 * (n2 + n3) * sin(2 * minus) * cos(2 * plus) - 35.0 / 24 * n3 * sin(3 * minus) * cos(3 * plus));
}

/* Radians on the Airy ellipsoid; guide, annex C.2. */
static void to_airy(double easting, double northing, double *latitude, double *longitude)
{
	double e2 = 1 - airy_b * airy_b / (airy_a * airy_a), phi = latitude_0, d = easting - easting_0, d2 = d * d;
	double sine2, nu, rho, eta2, t, t2, t4, secant, nu3, nu5;

	for (int step = 0; step < 20 && fabs(northing - northing_0 - meridian(phi)) > 1e-5; step++)
		phi += (northing - northing_0 - meridian(phi)) / (airy_a * scale);
	sine2 = sin(phi) * sin(phi);
	nu = airy_a * scale / sqrt(1 - e2 * sine2);
	rho = airy_a * scale * (1 - e2) / pow(1 - e2 * sine2, 1.5);
	eta2 = nu / rho - 1;
	t = tan(phi), t2 = t * t, t4 = t2 * t2;
	secant = 1 / cos(phi);
	nu3 = nu * nu * nu, nu5 = nu3 * nu * nu;
	*latitude = phi - d2 * t / (2 * rho * nu) +
		    d2 * d2 * t / (24 * rho * nu3) * (5 + 3 * t2 + eta2 - 9 * t2 * eta2) -
		    d2 * d2 * d2 * t / (720 * rho * nu5) * (61 + 90 * t2 + 45 * t4);
	*longitude = longitude_0 + d * secant / nu - d2 * d * secant / (6 * nu3) * (nu / rho + 2 * t2) +
		     d2 * d2 * d * secant / (120 * nu5) * (5 + 28 * t2 + 24 * t4) -
		     d2 * d2 * d2 * d * secant / (5040 * nu5 * nu * nu) * (61 + 662 * t2 + 1320 * t4 + 720 * t4 * t2);
}

static struct point from_angles(double latitude, double longitude)
{
	double e2 = 1 - airy_b * airy_b / (airy_a * airy_a);
	double nu = airy_a / sqrt(1 - e2 * sin(latitude) * sin(latitude));

	return (struct point){ nu * cos(latitude) * cos(longitude), nu * cos(latitude) * sin(longitude),
			       nu * (1 - e2) * sin(latitude) };
}

/* The parameters of the guide's section 6.6 turn WGS 84 into OSGB36: signs are changed for the way back. */
static struct point helmert(struct point p)
{
	const double second = 1 / degree / 3600, s = 1 - 20.4894e-6;
	double rx = 0.1502 * second, ry = 0.2470 * second, rz = 0.8421 * second;

	return (struct point){ 446.448 + s * p.x - rz * p.y + ry * p.z, -125.157 + rz * p.x + s * p.y - rx * p.z,
			       542.060 - ry * p.x + rx * p.y + s * p.z };
}

bool osgrid_degrees(double easting, double northing, double *latitude, double *longitude)
{
	double e2 = 1 - wgs84_b * wgs84_b / (wgs84_a * wgs84_a), phi, lambda, across;
	struct point p;

	/* The grid's own square: 700 by 1300 km. */
	if (!(easting >= 0 && easting <= 700000 && northing >= 0 && northing <= 1300000))
		return false;
	to_airy(easting, northing, &phi, &lambda);
	p = helmert(from_angles(phi, lambda));
	across = sqrt(p.x * p.x + p.y * p.y);
	phi = atan2(p.z, across * (1 - e2));
	for (int step = 0; step < 10; step++)
		phi = atan2(p.z + e2 * wgs84_a / sqrt(1 - e2 * sin(phi) * sin(phi)) * sin(phi), across);
	*latitude = phi * degree;
	*longitude = atan2(p.y, p.x) * degree;
	return true;
}
