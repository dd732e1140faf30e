"""A budget that holds whatever is under way: what a request costs at most is set aside before it is sent."""

import threading


class Budget:
    """Dollars, spent and set aside.

    Args:
        limit: that is not passed; None for no bound.
        spent: before this run.

    Example:
        >>> budget = Budget(1.0, 0.5)
        >>> budget.reserve(0.4), budget.settle(0.4, 0.1), budget.reserve(0.4), budget.left < 0.01
        (True, None, True, True)
    """

    def __init__(self, limit: float | None, spent: float) -> None:
        self.limit, self.spent, self.aside, self.requests = limit, spent, 0.0, 0
        self.changed = threading.Condition()

    @property
    def left(self) -> float:
        """Dollars that are neither spent nor set aside."""
        return float("inf") if self.limit is None else self.limit - self.spent - self.aside

    def reserve(self, dollars: float) -> bool:
        """Sets dollars aside; waits while requests are under way that may turn out cheaper.

        Returns:
            Whether they fit; if not, nothing is under way and nothing is set aside.
        """
        with self.changed:
            while dollars > self.left + 1e-12:
                if not self.requests:
                    return False
                self.changed.wait()
            self.aside += dollars
            self.requests += 1
            return True

    def reserve_now(self, dollars: float) -> bool:
        """Sets dollars aside if they fit, without waiting for others."""
        with self.changed:
            fits = dollars <= self.left + 1e-12
            self.aside += dollars if fits else 0.0
            self.requests += fits
            return fits

    def reopen(self, dollars: float) -> None:
        """Sets aside what was booked for a request of an earlier run that is still under way, until it is settled."""
        with self.changed:
            self.spent -= dollars
            self.aside += dollars
            self.requests += 1

    def settle(self, reserved: float, dollars: float) -> None:
        """Books what a request cost in place of what was set aside for it."""
        with self.changed:
            self.aside -= reserved
            self.requests -= 1
            self.spent += dollars
            self.changed.notify_all()
