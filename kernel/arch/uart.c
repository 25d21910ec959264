#include "arch/uart.h"
#include "arch/cpu.h"

enum { DATA = 0, INTERRUPTS = 1, FIFO = 2, LINE_CONTROL = 3, MODEM_CONTROL = 4, LINE_STATUS = 5 };
enum { DIVISOR_LOW = 0, DIVISOR_HIGH = 1 };             /* while DIVISOR_ACCESS is set in LINE_CONTROL */
enum { DIVISOR_ACCESS = 0x80, EIGHT_BITS = 0x03, FIFO_ON = 0x01, FIFO_CLEAR = 0x06, READY_TO_SEND = 0x03, LOOP = 0x10 };
enum { HAS_INPUT = 0x01, TRANSMITTER_HAS_ROOM = 0x20, TRANSMITTER_EMPTY = 0x40, NOT_THERE = 0xff, FIFO_SIZE = 16 };

/*
 * Turning the FIFOs on empties them, and what was received before is lost. So it is read first and then sent in loop
 * mode, in which a UART receives what it sends: then it is the first in the FIFO. In loop mode a read from DATA does
 * not make QEMU pass on the next byte, which would be lost in its place.
 */
static void turn_fifos_on(enum uart port)
{
        uint8_t received[FIFO_SIZE];

        port_write8(port + MODEM_CONTROL, LOOP);
        const size_t count = uart_read(port, received, sizeof received);
        port_write8(port + FIFO, FIFO_ON | FIFO_CLEAR);
        uart_write(port, received, count);
        uart_drain(port);
        port_write8(port + MODEM_CONTROL, READY_TO_SEND);
}

void uart_init(enum uart port)
{
        port_write8(port + INTERRUPTS, 0);
        port_write8(port + LINE_CONTROL, DIVISOR_ACCESS);
        port_write8(port + DIVISOR_LOW, 1);
        port_write8(port + DIVISOR_HIGH, 0);
        port_write8(port + LINE_CONTROL, EIGHT_BITS);
        turn_fifos_on(port);
}

/* With its FIFO on, a transmitter that has room has all of it: the FIFO is empty. */
size_t uart_write_some(enum uart port, const void *bytes, size_t n)
{
        const uint8_t *byte = bytes;
        size_t count = 0;

        if (!(port_read8(port + LINE_STATUS) & TRANSMITTER_HAS_ROOM))
                return 0;
        for (; count < n && count < FIFO_SIZE; count++)
                port_write8(port + DATA, byte[count]);
        return count;
}

void uart_write(enum uart port, const void *bytes, size_t n)
{
        for (const uint8_t *byte = bytes, *end = byte + n; byte < end;) {
                const size_t count = uart_write_some(port, byte, (size_t)(end - byte));

                if (!count)
                        cpu_relax();
                byte += count;
        }
}

bool uart_is_empty(enum uart port)
{
        return port_read8(port + LINE_STATUS) & TRANSMITTER_EMPTY;
}

bool uart_has_input(enum uart port)
{
        const uint8_t status = port_read8(port + LINE_STATUS);

        return status != NOT_THERE && status & HAS_INPUT;
}

size_t uart_read(enum uart port, void *bytes, size_t n)
{
        uint8_t *byte = bytes;
        size_t count = 0;
        while (count < n && uart_has_input(port))
                byte[count++] = port_read8(port + DATA);
        return count;
}

void uart_drain(enum uart port)
{
        while (!uart_is_empty(port))
                cpu_relax();
}
