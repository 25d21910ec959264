#include "mm/pause.h"

static void (*pause_hook)(void);

void pause_set_hook(void (*hook)(void))
{
        pause_hook = hook;
}

void pause_between_steps(void)
{
        if (pause_hook)
                pause_hook();
}
