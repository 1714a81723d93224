# Generated from openapi.json and build/generate/powershell/commands.ts: npm run generate.
function Start-SyncwardenAudit {
    <#
    .SYNOPSIS
    Puts a visit of every target that is not paused into the queue, for all controls.

    .DESCRIPTION
    Calls POST /api/audits.
    Needs the app role Syncwarden.Audit.
    With -WhatIf nothing is sent.

    .EXAMPLE
    Start-SyncwardenAudit

    Puts them into the queue, and does not wait.

    .LINK
    Connect-Syncwarden
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Low', PositionalBinding = $false)]
    [OutputType('Syncwarden.Enqueued')]
    param(
    )
    process {
        Invoke-Operation -Cmdlet $PSCmdlet -Operation 'audits-post' -Given $PSBoundParameters -TypeName 'Syncwarden.Enqueued' -Action 'Audit every target that is not paused'
    }
}
