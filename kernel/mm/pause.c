#include "mm/pause.h"

void (*pause_hook)(void);

void pause_between_steps(void)
{
        if (pause_hook)
                pause_hook();
}
