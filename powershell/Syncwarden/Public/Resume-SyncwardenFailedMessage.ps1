# Generated from openapi.json and build/generate/powershell/commands.ts: npm run generate.
function Resume-SyncwardenFailedMessage {
    <#
    .SYNOPSIS
    Puts failed messages back into the queue.

    .DESCRIPTION
    Calls POST /api/poison/replay.
    Needs the app role Syncwarden.Admin.
    With -WhatIf nothing is sent.

    .EXAMPLE
    Resume-SyncwardenFailedMessage

    Says how many were put back.

    .LINK
    Connect-Syncwarden
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium', PositionalBinding = $false)]
    [OutputType('Syncwarden.Replayed')]
    param(
    )
    process {
        Invoke-Operation -Cmdlet $PSCmdlet -Operation 'poison-replay' -Given $PSBoundParameters -TypeName 'Syncwarden.Replayed' -Action 'Put failed messages back into the queue'
    }
}
