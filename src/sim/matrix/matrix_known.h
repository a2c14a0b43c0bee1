/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Within the matrix: what each failure does to each record, and how what was run ended. Owned by struct matrix. */
#ifndef SIM_MATRIX_KNOWN_H
#define SIM_MATRIX_KNOWN_H

#include "sim/attempt/attempt.h"
#include "sim/matrix/matrix.h"

struct sum { /* of records' numbers; 128 bits, so that two states never share one */
	uint64_t part[2];
};

struct touched { /* a record that a failure changes */
	uint32_t row;
	struct sum sum;
};

struct effect {          /* of one failure */
	size_t first, n; /* of touched[], by row */
	struct sum change;
	enum sim_state domain;
	bool names, slow; /* some name cannot be looked up; that takes its time */
	bool together;    /* it stands in the place of a mark on a name: seen only with all that fails */
	uint32_t lowest;  /* preference of what is touched */
};

struct end {
	struct sum sum;
	double now, late, bounced, lost, unknown;
	bool reached;     /* some server was met */
	uint32_t highest; /* preference of those met */
	uint64_t *met;    /* by row, of a sender that takes the listed order; else NULL */
};

struct matrix_known {
	struct sim_input in; /* its marks are `marks` */
	struct marks marks;
	struct attempt probe;
	size_t n_row;
	bool listed, is_self; /* the order is not drawn; some target is the sender itself */
	bool *linked;         /* by row: it shares its name or an address with another */
	bool *literal;        /* it may be an address itself */
	struct sum *base, whole;
	enum name_state *name;
	enum sim_state domain;
	struct effect *effect;
	size_t n_touched, cap_touched;
	struct touched *touched;
	size_t n_end, cap_end, n_slot;
	struct end *end;
	uint32_t *slot; /* 1 + index of an end by its sum; 0: free */
};

bool sum_same(struct sum a, struct sum b);
/* The input's marks with these failures beside them, in known->marks. */
void known_set_marks(const struct matrix *matrix, const uint32_t *failure, size_t n);
/* Can the two of the row not be told apart, record by record? */
bool known_together(const struct matrix *matrix, const struct matrix_row *row);
/* The state that the row's failures leave. */
struct sum known_sum(const struct matrix *matrix, const struct matrix_row *row);

#endif
